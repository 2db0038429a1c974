/* The verdict form: of all facts, the list shows those of the level above the option that holds. */

export function startVerdict() {
  const form = document.querySelector(".verdict-form");
  if (!form) return;
  const { option, failing_fact: fact } = form.elements;
  const levels = [...option.options].map((each) => each.value).filter((id) => id && id !== "na");
  const facts = [...fact.options].filter((each) => each.value);

  function narrow() {
    const at = levels.indexOf(option.value);
    for (const each of facts) {
      const fits = option.value === "" || (at >= 0 && each.value.startsWith(`${levels[at + 1]}.`));
      each.hidden = each.disabled = !fits;
    }
    if (fact.selectedOptions[0]?.disabled) fact.value = "";
  }

  option.addEventListener("change", narrow);
  narrow();
}
