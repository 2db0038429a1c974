/* Saving each question as it is typed. See app.js for the contract with the server. */

import * as drafts from "./drafts.js";
import { renew, signedOut } from "./session.js";

const WAIT_TYPING = 800;
const BACK_OFF = [2, 4, 8, 15, 30, 60];
const states = new Map();

/* One question's saving. `edits` counts changes; `saved` is the count that the server holds.
   `attempt` is a save whose outcome is unknown; `block` says why nothing is sent now. */
function stateOf(question) {
  return {
    question, edits: 0, saved: 0, attempt: null, isSending: false, block: "",
    failures: 0, hasRenewed: false, timer: 0,
  };
}

export function isUnsaved() {
  return [...states.values()].some((state) => state.edits !== state.saved);
}

/* Send everything unsaved; resolves with the first question that could not be saved, or null. */
export async function saveAll() {
  await Promise.all([...states.values()].map((state) => send(state)));
  const left = [...states.values()].find((state) => state.edits !== state.saved);
  return left ? left.question : null;
}

function show(state, text, kind = "") {
  const old = state.question.querySelector(".save-state");
  if (old?.textContent === text) return; // a screen reader would say it again at every key
  const line = document.createElement("p");
  line.className = `save-state ${kind}`;
  line.textContent = text;
  state.question.querySelector(".save-slot").replaceChildren(line);
}

function slot(state) {
  return state.question.querySelector(".q-slot");
}

function clearSlot(state) {
  for (const old of slot(state).querySelectorAll(".field-error, [data-conflict-panel]")) old.remove();
  state.question.classList.remove("has-problem");
}

/* Put the server's fragment into the slot; anything else than a fragment of ours is not shown. */
async function fillSlot(state, text) {
  clearSlot(state);
  if (!/class="field-error"|data-conflict-panel/.test(text ?? "")) return;
  const target = slot(state);
  await htmx.swap({ text, target, swap: "innerHTML", sourceElement: target });
}

function changed(state, wait) {
  state.edits += 1;
  if (state.block === "refused") state.block = "";
  drafts.keep(state.question, state.attempt);
  if (state.block) return;
  show(state, "Not saved yet", "is-unsaved");
  sendAfter(state, wait);
}

function sendAfter(state, wait) {
  clearTimeout(state.timer);
  state.timer = setTimeout(() => send(state), wait);
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // plain http on another host than this one
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function lacksReason(state) {
  const now = drafts.read(state.question);
  return now.option === "na" && !now.na_reason.trim();
}

async function send(state) {
  clearTimeout(state.timer);
  if (state.isSending) return state.sending;
  if (state.block || state.edits === state.saved) return undefined;
  if (!state.attempt && lacksReason(state)) {
    show(state, "Not saved yet: say why it does not apply", "is-unsaved");
    return undefined;
  }
  state.attempt ??= { key: uuid(), entries: drafts.entries(state.question), edits: state.edits };
  state.isSending = true;
  drafts.keep(state.question, state.attempt);
  show(state, "Saving…");
  state.sending = attempt(state);
  return state.sending;
}

async function attempt(state) {
  const save = state.attempt;
  save.status = 0;
  try {
    await htmx.ajax("POST", state.question.dataset.url, {
      source: state.question,
      target: state.question.querySelector(".save-slot"),
      swap: "innerHTML",
      headers: { "Idempotency-Key": save.key },
      save,
    });
  } catch {
    save.status = 0;
  }
  state.isSending = false;
  return settle(state, save);
}

async function settle(state, save) {
  if (save.status === 200) return taken(state, save);
  if (save.status === 401) return away(state);
  if (save.status === 400 && !state.hasRenewed) return anew(state);
  if (save.status === 409) return conflict(state, save);
  if (save.status >= 400 && save.status < 500 && ![408, 425, 429].includes(save.status)) return refused(state, save);
  return later(state, save);
}

async function taken(state, save) {
  const line = state.question.querySelector(".save-slot [data-version]");
  drafts.version(state.question, line.dataset.version);
  Object.assign(state, { attempt: null, failures: 0, hasRenewed: false, saved: save.edits });
  clearSlot(state);
  const isAnswered = drafts.read(state.question).option !== "";
  state.question.classList.toggle("answered", isAnswered);
  state.question.classList.toggle("unanswered", !isAnswered);
  if (state.edits === state.saved) return drafts.drop(state.question);
  return send(state);
}

/* Signed out: nothing was saved; wait for the return. */
function away(state) {
  state.block = "signed-out";
  show(state, "Not saved – kept here until you sign in again", "is-unsaved");
  signedOut(() => {
    state.block = "";
    send(state);
  });
}

/* A token from an earlier session: fetch a fresh one, once. */
async function anew(state) {
  state.hasRenewed = true;
  const outcome = await renew();
  if (outcome === "away") {
    state.hasRenewed = false;
    return later(state, { text: "" });
  }
  return outcome === "in" ? send(state) : away(state);
}

async function conflict(state, save) {
  await refused(state, save);
  const panel = slot(state).querySelector("[data-conflict-panel]");
  if (!panel) return;
  state.block = "conflict";
  show(state, "Not saved: two answers to choose between", "is-refused");
  panel.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-resolve]")?.dataset.resolve;
    if (choice) resolve(state, panel, choice);
  });
}

function resolve(state, panel, choice) {
  drafts.version(state.question, panel.dataset.version);
  state.block = "";
  if (choice === "mine") {
    state.edits += 1;
    send(state);
  } else {
    drafts.write(state.question, {
      option: panel.dataset.option,
      facts: panel.dataset.facts.split(" ").filter(Boolean),
      justification: panel.querySelector('[data-theirs="justification"]').content.textContent,
      na_reason: panel.querySelector('[data-theirs="na_reason"]').content.textContent,
    });
    state.saved = state.edits;
    drafts.drop(state.question);
    clearSlot(state);
    show(state, `Theirs taken · revision ${panel.dataset.version}`);
  }
  state.question.focus({ preventScroll: true });
}

/* The server said no: its sentence stands at the question, and the text stays in the form. */
async function refused(state, save) {
  Object.assign(state, { attempt: null, block: "refused", failures: 0 });
  drafts.keep(state.question, null);
  await fillSlot(state, save.text);
  state.question.classList.add("has-problem");
  show(state, "Not saved – your text is kept here", "is-refused");
  if (state.edits !== save.edits && save.status !== 409) {
    state.block = "";
    sendAfter(state, 0);
  }
}

/* No answer, or a fault on the other side: the same save again, later. */
async function later(state, save) {
  const seconds = BACK_OFF[Math.min(state.failures, BACK_OFF.length - 1)];
  state.failures += 1;
  await fillSlot(state, save.text);
  show(state, `Not saved – kept here, retrying in ${seconds} s`, "is-unsaved");
  sendAfter(state, seconds * 1000);
}

function restore(state) {
  const draft = drafts.draftOf(state.question);
  if (!draft) return;
  drafts.write(state.question, draft.fields);
  drafts.version(state.question, draft.version);
  state.attempt = draft.sent ? { ...draft.sent, edits: 0 } : null;
  state.edits = 1;
  show(state, "Put back what you had typed; not saved yet", "is-unsaved");
  sendAfter(state, WAIT_TYPING);
}

function start(question) {
  const state = stateOf(question);
  states.set(question, state);
  const isText = (control) => control.tagName === "TEXTAREA";
  question.addEventListener("input", (event) => isText(event.target) && changed(state, WAIT_TYPING));
  question.addEventListener("change", (event) => {
    if (!isText(event.target)) changed(state, 0);
    else if (!state.failures) send(state);
  });
  question.querySelector("[data-clear]")?.addEventListener("click", () => {
    drafts.write(question, { ...drafts.read(question), option: "" });
    changed(state, 0);
  });
  restore(state);
}

export function startSaving(questions) {
  // what a browser puts back by itself is neither the server's text nor a draft of ours
  questions[0]?.form?.reset();
  for (const question of questions) if (!question.disabled) start(question);
  const flush = () => {
    for (const state of states.values()) if (!state.failures || navigator.onLine) send(state);
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && flush());
  window.addEventListener("online", flush);
}
