// A paper that opens in a tab of its own changes this page, too: what can be printed now is asked for soon after, and
// when somebody is back. Nothing is taken from under a hand that types.

const SOON_MS = [700, 1500, 3000, 6000, 12000, 25000, 50000];
let before = null; // what could be printed when the last paper was asked for

const offered = (main) => [...main.querySelectorAll("form")].map((form) => form.getAttribute("action") + form.textContent).join();
const typing = (main) => [...main.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue);

async function look() {
  const shown = document.querySelector("main");
  if (before === null || typing(shown)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
  if (before === null || !now || offered(now) === before) return;
  before = null;
  shown.replaceChildren(...now.childNodes);
}

document.addEventListener("submit", ({ target }) => {
  if (target.target !== "_blank") return;
  before = offered(document.querySelector("main"));
  for (const later of SOON_MS) setTimeout(look, later);
});
addEventListener("focus", look);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
