// One sitting in two windows: the one that had it first leads, the other says so and follows. What is pressed in
// either is safe without this, too; it keeps people from looking at a page that is past.

const box = document.querySelector("[data-sitting]");

// When this window began with the sitting; carried from page to page, and copied when a window is duplicated.
function since(key) {
  const known = sessionStorage.getItem(key);
  if (!known) sessionStorage.setItem(key, String(Date.now()));
  return Number(sessionStorage.getItem(key));
}

function watch() {
  const key = `sitting-${box.dataset.sitting}`;
  const channel = new BroadcastChannel(key);
  const me = crypto.randomUUID?.() ?? String(Math.random());
  let began = since(key);

  const here = () => location.pathname + location.search;
  const say = (kind, to) => channel.postMessage({ kind, to, me, began, at: here() });
  const typed = () => [...document.querySelectorAll("main input:not([type=hidden]), main textarea")].some(
    (field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue,
  );

  function follow(at) {
    box.hidden = false;
    if (at !== here() && !typed()) location.replace(at);
  }

  channel.addEventListener("message", ({ data }) => {
    if (data.me === me) return;
    // A duplicated window has the same beginning: whoever was there already leads.
    if (data.kind === "here") data.began < began ? follow(data.at) : say("lead", data.me);
    if (data.kind === "lead" && data.to === me) {
      if (data.began === began) sessionStorage.setItem(key, String((began += 1)));
      follow(data.at);
    }
  });
  say("here");
}

if (box && "BroadcastChannel" in window) watch();

// Back shows what is, not what was.
addEventListener("pageshow", (event) => event.persisted && location.reload());
