/* Single keys on a page of questions: j k, 0–4, n, g, ?. They rest in fields, and can be switched off;
   Escape leads from a field to its question, where they work again. */

const OFF = "keys off";
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

function isTyping(target) {
  return target.closest("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])") !== null;
}

/* The question that has the focus, else the first that is in view. */
function current(questions) {
  const focused = document.activeElement?.closest("fieldset.question");
  return focused ?? questions.find((question) => question.getBoundingClientRect().bottom > 120) ?? questions[0];
}

function go(questions, step) {
  const hasFocus = document.activeElement?.closest("fieldset.question");
  const at = questions.indexOf(current(questions));
  const to = questions[hasFocus ? at + step : at];
  if (!to) return;
  to.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  to.focus({ preventScroll: true });
}

function choose(question, value) {
  const radio = [...question.querySelectorAll('input[type="radio"]')].find((r) => r.value === value);
  if (!radio || radio.disabled || question.disabled) return;
  radio.focus({ preventScroll: true });
  radio.click();
  if (value === "na") question.querySelector(".na textarea")?.focus();
}

function press(key, questions) {
  const question = current(questions);
  if (key === "j") go(questions, 1);
  else if (key === "k") go(questions, -1);
  else if (/^[0-9]$/.test(key)) choose(question, key);
  else if (key === "n") choose(question, "na");
  else if (key === "g") question.querySelector("details.guidance")?.toggleAttribute("open");
  else return false;
  return true;
}

export function startKeyboard(questions) {
  const help = document.getElementById("help");
  if (!help || !questions.length) return;
  const isOn = help.querySelector("#keys-on");
  isOn.checked = sessionStorage.getItem(OFF) === null;
  isOn.addEventListener("change", () => {
    if (isOn.checked) sessionStorage.removeItem(OFF);
    else sessionStorage.setItem(OFF, "yes");
  });
  document.querySelector("[data-help]")?.addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (help.open || !isOn.checked) return;
    if (isTyping(event.target)) {
      if (event.key === "Escape") event.target.closest("fieldset.question")?.focus({ preventScroll: true });
      return;
    }
    if (event.key === "?") help.showModal();
    else if (!press(event.key, questions)) return;
    event.preventDefault();
  });
}
