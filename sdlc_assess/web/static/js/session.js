/* Being signed out in the middle of typing: the banner, and going on after the return. */

const meta = document.querySelector('meta[name="csrf-token"]');
const banner = document.getElementById("signed-out");
const waiting = new Set();

export function token() {
  return meta.content;
}

/* Show the banner; `resume` is called once the person is signed in again. */
export function signedOut(resume) {
  if (resume) waiting.add(resume);
  banner.hidden = false;
}

/* Fetch this page for its fresh form token. Returns "in", "out", "other" (another person), or "away" when
   the service can't be reached. */
export async function renew() {
  let response;
  try {
    response = await fetch(location.pathname + location.search, {
      credentials: "same-origin",
      redirect: "manual",
      headers: { Accept: "text/html" },
    });
  } catch {
    return "away";
  }
  if (response.status >= 500) return "away";
  if (!response.ok) return "out";
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (page.body.dataset.person !== document.body.dataset.person) return "other";
  const fresh = page.querySelector('meta[name="csrf-token"]')?.content;
  if (!fresh) return "out";
  meta.content = fresh;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh;
  return "in";
}

export function showOther(outcome) {
  banner.querySelector("[data-other]").hidden = outcome !== "other";
}

let isAsking = false;

async function onReturn() {
  if (banner.hidden || isAsking || document.visibilityState === "hidden") return;
  isAsking = true;
  const outcome = await renew();
  isAsking = false;
  showOther(outcome);
  if (outcome !== "in") return;
  banner.hidden = true;
  const resumed = [...waiting];
  waiting.clear();
  for (const resume of resumed) resume();
}

document.addEventListener("visibilitychange", onReturn);
window.addEventListener("focus", onReturn);
