/* The fields of one question as data, and their mirror in sessionStorage while they are unsaved. */

const person = document.body.dataset.person ?? "";
const prefix = `draft ${person} `;

/* Every control of the question whose name is KEY:part. */
function controls(question, part) {
  const name = `${question.dataset.key}:${part}`;
  return [...question.elements].filter((control) => control.name === name);
}

export function version(question, value) {
  const [field] = controls(question, "version");
  if (value !== undefined) field.value = value;
  return field.value;
}

/* What the question says now. */
export function read(question) {
  return {
    option: controls(question, "option").find((radio) => radio.checked)?.value ?? "",
    facts: controls(question, "fact").filter((box) => box.checked).map((box) => box.value),
    justification: controls(question, "justification")[0].value,
    na_reason: controls(question, "na_reason")[0]?.value ?? "",
  };
}

/* Make the question say what `fields` says. */
export function write(question, fields) {
  for (const radio of controls(question, "option")) radio.checked = radio.value === fields.option;
  for (const box of controls(question, "fact")) box.checked = fields.facts.includes(box.value);
  for (const part of ["justification", "na_reason"]) {
    for (const field of controls(question, part)) field.value = fields[part];
  }
  question.dispatchEvent(new CustomEvent("question:written"));
}

/* The body of a save, as pairs of name and value. */
export function entries(question) {
  const { key } = question.dataset;
  const now = read(question);
  return [
    ...(now.option ? [[`${key}:option`, now.option]] : []),
    ...now.facts.map((fact) => [`${key}:fact`, fact]),
    [`${key}:justification`, now.justification],
    [`${key}:na_reason`, now.na_reason],
    [`${key}:version`, version(question)],
  ];
}

function place(question) {
  return `${prefix}${question.dataset.url} ${question.dataset.key}`;
}

/* Keep what is unsaved; `sent` is a save whose outcome is unknown yet. */
export function keep(question, sent) {
  const draft = { fields: read(question), version: version(question), sent };
  try {
    sessionStorage.setItem(place(question), JSON.stringify(draft));
  } catch {
    // storage full or forbidden: the text is still in the form, and leaving the page asks first
  }
}

export function drop(question) {
  try {
    sessionStorage.removeItem(place(question));
  } catch {
    // as above
  }
}

/* The draft of a question if it says something else than the page; an equal one is dropped. */
export function draftOf(question) {
  let draft = null;
  try {
    draft = JSON.parse(sessionStorage.getItem(place(question)));
  } catch {
    return null;
  }
  if (draft && JSON.stringify(draft.fields) === JSON.stringify(read(question))) {
    drop(question);
    return null;
  }
  return draft;
}

export function forgetDrafts() {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(prefix)) sessionStorage.removeItem(name);
    }
  } catch {
    // nothing was kept
  }
}
