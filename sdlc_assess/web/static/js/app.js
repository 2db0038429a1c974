/* The pages' scripts. Every page works without them; with them nothing typed is lost.

   Contract with the server
   ------------------------
   A page of questions is one <form data-questions method="post"> around fieldsets
   <fieldset class="question" data-key="PO.1.1" data-url="/assessments/k7/answers/PO.1.1"> (see
   templates/questions/question.html). Without scripts the form posts whole. With them each fieldset is
   posted alone to its data-url, urlencoded, under the same names:
     KEY:option  KEY:fact (each ticked)  KEY:justification  KEY:na_reason  KEY:version
   with the headers HX-Request: true, X-CSRFToken and Idempotency-Key. The key stays the same for every
   retry of one body, and a retry has the very same body; a new body gets a new key. At most one request
   of a question is under way.

   200  <p class="save-state" data-version="7" data-saved-at="…">Saved 10:42 · revision 7</p>, which goes into
        .save-slot, and anything with hx-swap-oob (the chips). A 200 without data-version counts as a failure.
   401  signed out: the banner shows; after signing in elsewhere saving goes on by itself.
   400  a form token from before signing in: the page is fetched anew for its token, then one more try.
   409  an element with data-conflict-panel (record.html) goes into .q-slot; saving waits for the choice.
   4xx  one sentence as .field-error goes into .q-slot; saving waits until the answer is edited.
   5xx, no answer, 20 s of silence: kept and tried again after 2, 4, 8, 15, 30, then every 60 s.

   Unsaved text is mirrored in sessionStorage (this tab alone) per person, address and question, and put
   back after a reload. Elsewhere: <form data-guard> (see guard.js); [data-focus] takes the focus when the
   page opens. */

import { startFacts } from "./facts.js";
import { isTyped, startGuard } from "./guard.js";
import { startKeyboard } from "./keyboard.js";
import { isUnsaved, saveAll, startSaving } from "./saving.js";
import { forgetDrafts } from "./drafts.js";
import { startVerdict } from "./verdict.js";
import { signedOut, token } from "./session.js";

const questions = [...document.querySelectorAll("fieldset.question")];

document.addEventListener("htmx:config:request", (event) => {
  const { request, save } = event.detail.ctx;
  if (request.method !== "GET") request.headers["X-CSRFToken"] = token();
  if (!save) return;
  request.body = new FormData();
  for (const [name, value] of save.entries) request.body.append(name, value);
});

document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.save) {
    if (ctx.response.status === 401) signedOut();
    return;
  }
  ctx.save.status = ctx.response.status;
  ctx.save.text = ctx.text;
  // a sign-in page or a proxy's greeting is no receipt
  const isReceipt = ctx.response.status === 200 && ctx.text.includes("data-version=");
  if (ctx.response.status < 400 && !isReceipt) ctx.save.status = 0;
  if (!isReceipt) event.preventDefault();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.matches("[data-sign-out]")) forgetDrafts();
  if (!form.matches("[data-questions]")) return;
  event.preventDefault();
  const next = event.submitter?.dataset.next;
  const first = await saveAll();
  if (first) {
    first.scrollIntoView({ block: "start" });
    first.focus({ preventScroll: true });
    announce("Not everything is saved: see the question marked.");
  } else {
    announce("Everything is saved.");
    if (next) location.assign(next);
  }
});

window.addEventListener("beforeunload", (event) => {
  if (isUnsaved() || isTyped()) event.preventDefault();
});

function announce(text) {
  const line = document.getElementById("announce");
  line.textContent = text;
  line.classList.add("toast");
  setTimeout(() => line.classList.remove("toast"), 4000);
}

document.querySelector("[data-focus]")?.focus();
startGuard(announce);
startVerdict();
startFacts(questions);
startSaving(questions);
startKeyboard(questions);
