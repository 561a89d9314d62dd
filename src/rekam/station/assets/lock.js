// The screen's lock: warns a minute before, covers the page where it stands so that nothing typed is lost, and opens with
// the operator's PIN. The station itself keeps the time; this page only asks, so that several tabs agree.

const WARN_S = 60, TELL_EVERY_MS = 20_000, ASLEEP_MS = 5000;
const button = document.querySelector("[data-lock]");
let awake = Date.now(); // when this page last looked; its own timer may stand still while the laptop sleeps
let until = Infinity, told = 0, touched = false, dialog = null, warning = null, looking = false, opened = 0;
let asked = Promise.resolve();

// One question after the other: whoever waits for an answer gets one to a question that was put after they asked.
const ask = (path = "/screen", method = "GET") => (asked = asked.then(() => question(path, method)));

async function question(path, method) {
  try {
    const answer = await fetch(path, { method, headers: { accept: "application/json" } });
    if (answer.ok) until = performance.now() + 1000 * (await answer.json()).left;
    else if (answer.status === 401) until = performance.now();
  } catch {
    until = performance.now() + 5000; // the station restarts; ask again
  }
}

function warn(seconds) {
  if (!warning) {
    warning = document.createElement("div");
    warning.className = "lock-warning banner banner-warning";
    warning.setAttribute("role", "status");
    document.body.append(warning);
  }
  warning.textContent = button.dataset.warning.replace("0", seconds);
}

async function cover() {
  if (dialog) return;
  dialog = document.createElement("template");
  const answer = await lockedForm();
  if (!answer) {
    dialog = null; // the station is away, and locks by itself
    return;
  }
  if (!answer.ok) {
    location.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
    return;
  }
  dialog.innerHTML = await answer.text();
  dialog = dialog.content.querySelector("dialog");
  const back = document.activeElement, form = dialog.querySelector("form"), problem = dialog.querySelector("[data-lock-problem]");
  document.body.append(dialog);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("keydown", (event) => { event.stopPropagation(); if (event.key === "Escape") event.preventDefault(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { accept: "application/json" } });
    form.reset();
    if (!sent.ok) {
      problem.textContent = (await sent.json()).detail;
      form.pin.focus();
      return;
    }
    opened += 1;
    dialog.remove();
    dialog = null;
    await ask();
    back?.focus?.();
  });
  dialog.showModal();
  form.pin.focus();
}

async function lockedForm() {
  try {
    await fetch("/screen/lock", { method: "POST" });
    return await fetch(`/screen/form?back=${encodeURIComponent(location.pathname + location.search)}`);
  } catch {
    return null;
  }
}

async function tick() {
  if (dialog || looking) return;
  looking = true; // a slow answer is waited for once, not every second
  await look().finally(() => (looking = false));
}

async function look() {
  const before = opened, slept = Math.abs(Date.now() - awake) > ASLEEP_MS;
  awake = Date.now();
  if (slept) await ask(); // the station counted the sleep
  const now = performance.now();
  if (touched && now - told > TELL_EVERY_MS) {
    touched = false;
    told = now;
    await ask("/screen/used", "POST");
  }
  let left = Math.ceil((until - now) / 1000);
  if (left <= WARN_S && !warning && until !== Infinity) {
    await ask(); // another tab may have been used meanwhile
    left = Math.ceil((until - performance.now()) / 1000);
  }
  if (left <= 0) {
    await ask();
    left = Math.ceil((until - performance.now()) / 1000);
  }
  if (before !== opened) return; // the PIN came meanwhile: what was heard is of the time before it
  if (left <= 0) {
    warning?.remove();
    warning = null;
    await cover();
  } else if (left <= WARN_S) warn(left);
  else {
    warning?.remove();
    warning = null;
  }
}

if (button) {
  button.hidden = false;
  button.addEventListener("click", cover);
  for (const kind of ["keydown", "pointerdown", "pointermove", "input"]) {
    addEventListener(kind, () => { touched = true; if (warning) told = -Infinity; }, { passive: true, capture: true });
  }
  for (const kind of ["visibilitychange", "focus", "pageshow"]) addEventListener(kind, () => { if (!dialog) void ask(); });
  await ask();
  setInterval(tick, 1000);
}
