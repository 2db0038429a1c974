/* Forms with text that are sent whole: <form data-guard>. Leaving asks first, and nothing is sent into a
   session that has ended, which would lose it: the banner shows, and the text waits in the form. */

import { renew, showOther, signedOut } from "./session.js";

const typed = new Set();
const asking = new Set();
const cleared = new WeakSet();

export function isTyped() {
  return typed.size > 0;
}

async function ask(form, submitter, announce) {
  if (asking.has(form)) return;
  asking.add(form);
  const outcome = await renew();
  asking.delete(form);
  if (outcome === "in") {
    cleared.add(form);
    form.requestSubmit(submitter);
  } else if (outcome === "away") {
    announce("The service can't be reached. Nothing was sent; your text is still here.");
  } else {
    signedOut();
    showOther(outcome);
    announce("Nothing was sent: sign in again first.");
  }
}

export function startGuard(announce) {
  // a form that came back with its text and an error holds what nobody has kept
  if (document.querySelector(".error-summary")) {
    for (const form of document.querySelectorAll("form[data-guard]")) typed.add(form);
  }
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-guard]")) typed.add(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-guard]")) return;
    if (cleared.delete(form)) {
      typed.delete(form);
      return;
    }
    event.preventDefault();
    ask(form, event.submitter, announce);
  });
}
