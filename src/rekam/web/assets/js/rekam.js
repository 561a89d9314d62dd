// What every page shares: the clock of the bottom bar, the next action on Enter, letter keys, work lists.

const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const parts = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
    const there = serverNow(clock).getTime() + 1000 * Number(clock.dataset.clock);
    clock.textContent = `${parts.format(there).replace(":", ".")} ${clock.dataset.zone}`;
  }
}

// The place's clock counts, not this browser's: remember how far apart they were when the bar arrived.
const offsets = new WeakMap();
function serverNow(clock) {
  if (!offsets.has(clock)) offsets.set(clock, Date.parse(clock.dateTime) - performance.now());
  return new Date(offsets.get(clock) + performance.now());
}

// Letter keys can be switched off (WCAG 2.2, 2.1.4); Enter and arrows always work.
const lettersOn = () => localStorage.getItem("letter-keys") !== "off";

function showShortcutSwitches() {
  for (const button of document.querySelectorAll("[data-shortcuts]")) {
    button.textContent = lettersOn() ? button.dataset.off : button.dataset.on;
  }
}

function press(selector) {
  const wanted = [...document.querySelectorAll(selector)].find((element) => !element.disabled && element.offsetParent);
  wanted?.click();
  return Boolean(wanted);
}

function moveInWorkList(step) {
  const links = [...document.querySelectorAll("[data-work-list] .row-link")];
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const { key, target } = event;
  if (key === "Enter") {
    // Left alone, a form would press its first button; the next action is its last one.
    const chosen = target.closest("form")?.querySelector("[data-next]:enabled");
    if (target.closest("a, button, textarea, select, summary")) return;
    if (chosen) chosen.click();
    else if (target.closest("form input") || !press("[data-next]")) return;
    event.preventDefault();
    return;
  }
  if (typing(target)) return;
  if (key === "ArrowDown" || key === "ArrowUp") {
    if (moveInWorkList(key === "ArrowDown" ? 1 : -1)) event.preventDefault();
    return;
  }
  if (key.length === 1 && !lettersOn()) return;
  if (press(`[data-key="${CSS.escape(key.length === 1 ? key.toUpperCase() : key)}"]`)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const shortcuts = event.target.closest("[data-shortcuts]");
  if (shortcuts) {
    localStorage.setItem("letter-keys", lettersOn() ? "off" : "on");
    showShortcutSwitches();
    return;
  }
  const row = event.target.closest("tr[data-href]");
  if (row && !event.target.closest("a, button, input, label")) location.href = row.dataset.href;
});

// A form is sent once: a second click while it is under way does nothing. htmx guards its own forms, and an answer
// that is a download leaves the page standing, so the form opens again after a while.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  const form = event.target;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// What a browser finds missing is said in the page's language, not in the browser's. Taken back before the next look:
// a script may have filled the field in the meantime.
document.addEventListener("invalid", ({ target: control }) => {
  const { unfilled, unticked, unchosen } = document.body.dataset;
  const said = { checkbox: unticked, radio: unchosen, "select-one": unchosen, file: unchosen }[control.type] ?? unfilled;
  if (control.validity.valueMissing) control.setCustomValidity(control.dataset.wanted ?? said);
}, true);
document.addEventListener("click", (event) => {
  for (const control of event.target.closest("button")?.form?.elements ?? []) control.setCustomValidity("");
}, true);

document.querySelector("[data-focus]")?.focus();
document.querySelector("[aria-current=step]")?.scrollIntoView({ block: "nearest", inline: "center" });
showShortcutSwitches();
tick();
setInterval(tick, 1000);
