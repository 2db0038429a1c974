/* Ticked facts suggest an option; nothing is ever chosen by itself. */

/* The highest option all of whose facts, and those of the options below, are ticked. The lowest option
   says what is missing, so it is no step to the others: it is suggested only when nothing else is ticked. */
export function suggested(question) {
  const levels = [...question.querySelectorAll("ul[data-facts]")].map((list) => {
    const boxes = [...list.querySelectorAll("input")];
    return {
      id: list.dataset.facts,
      isWhole: boxes.every((box) => box.checked),
      isTouched: boxes.some((box) => box.checked),
    };
  });
  const [lowest, ...steps] = levels;
  if (!lowest) return null;
  let found = null;
  for (const step of steps) {
    if (!step.isWhole) break;
    found = step.id;
  }
  if (!found && lowest.isWhole && !steps.some((step) => step.isTouched)) found = lowest.id;
  return found;
}

function show(question) {
  const line = question.querySelector(".suggestion");
  const id = suggested(question);
  const chosen = question.querySelector('input[type="radio"]:checked')?.value;
  line.hidden = id === null || id === chosen;
  line.querySelector(".suggestion-id").textContent = id ?? "";
}

export function startFacts(questions) {
  for (const question of questions) {
    if (question.disabled) continue;
    question.addEventListener("change", () => show(question));
    question.addEventListener("question:written", () => show(question));
    question.querySelector("[data-take]").addEventListener("click", () => {
      const id = suggested(question);
      const radio = [...question.querySelectorAll('input[type="radio"]')].find((r) => r.value === id);
      radio?.click();
      radio?.focus();
    });
    show(question);
  }
}
