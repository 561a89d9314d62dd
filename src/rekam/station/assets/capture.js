// A capture page: the live picture with its meter and one short call, the capture that starts by itself when the
// picture has been good for a moment, and the wait for a device that takes its time. Without this script the page's
// plain button does the same.

const STEADY = 3; // good pictures in a row before one is taken
const SILENT = 15; // pictures without any quality: this device takes the picture by itself once it is asked
const ASK_MS = 700;
const REST_MS = 1500; // between two automatic attempts a hand is lifted and put down again
const AGAIN_MS = 2000; // until a device that showed nothing, or not any more, is looked at again

const frame = document.querySelector("#frame");
const form = document.querySelector("[data-take]");

const automatic = () => localStorage.getItem("automatic-capture") !== "off";

function showSwitch() {
  const line = document.querySelector("[data-automatic-switch]");
  if (!line || !("automatic" in frame.dataset)) return;
  const button = line.querySelector("button");
  const show = () => (button.textContent = automatic() ? button.dataset.off : button.dataset.on);
  button.addEventListener("click", () => {
    localStorage.setItem("automatic-capture", automatic() ? "off" : "on");
    show();
  });
  line.hidden = false;
  show();
}

const pause = (ms) => new Promise((later) => setTimeout(later, ms));

function joined(left, right) {
  const whole = new Uint8Array(left.length + right.length);
  whole.set(left);
  whole.set(right, left.length);
  return whole;
}

// The parts of a multipart stream, as they come: {head, jpeg}.
async function* parts(stream) {
  const reader = stream.getReader();
  let held = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held = joined(held, value);
    for (;;) {
      const text = new TextDecoder("latin1").decode(held.subarray(0, 1024));
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(text)?.[1]);
      if (end < 0 || held.length < end + 4 + length) break;
      yield { head: text.slice(0, end), jpeg: held.slice(end + 4, end + 4 + length) };
      held = held.slice(end + 4 + length + 2);
    }
  }
}

function told(head, name) {
  return new RegExp(`${name}: (\\S+)`, "i").exec(head)?.[1];
}

// What the sensor sees; resolves when the picture has been good for a moment.
async function watch(signal) {
  const live = frame.querySelector("[data-live]");
  const [image, hint, value] = ["image", "hint", "value"].map((name) => live.querySelector(`[data-live-${name}]`));
  const words = Object.fromEntries([...live.querySelectorAll("[data-hint]")].map((each) => [each.dataset.hint, each.textContent]));
  const needed = Number(frame.dataset.needed);
  let [steady, silent] = [0, 0];
  const answer = await fetch(frame.dataset.preview, { signal });
  if (!answer.ok) return false;
  for await (const { head, jpeg } of parts(answer.body)) {
    const before = image.src;
    image.src = URL.createObjectURL(new Blob([jpeg], { type: "image/jpeg" }));
    if (before) URL.revokeObjectURL(before);
    live.hidden = false;
    const quality = told(head, "X-Quality");
    const good = quality !== undefined && Number(quality) >= needed;
    live.querySelector("[data-live-gauge]").classList.toggle("gauge-fair", !good);
    if (quality !== undefined) value.setAttribute("width", `${quality}%`);
    const call = words[told(head, "X-Advice")] ?? (good ? words.hold : "");
    if (call !== hint.textContent) hint.textContent = call;
    steady = good ? steady + 1 : 0;
    silent = quality === undefined ? silent + 1 : 0;
    if (steady >= STEADY || silent >= SILENT) {
      if (automatic() && "automatic" in frame.dataset) return true;
      [steady, silent] = [0, 0];
    }
  }
  return false;
}

async function preview() {
  const ended = new AbortController();
  // the device is let go before it is asked to capture, and when the page is left
  form?.addEventListener("submit", () => ended.abort());
  addEventListener("pagehide", () => ended.abort());
  if (frame.querySelector(".captured") && automatic()) await pause(REST_MS);
  while (!(await watch(ended.signal).catch(() => false))) {
    // no preview harms a capture: the button stands there; a device that is plugged in now shows itself
    frame.querySelector("[data-live]").hidden = true;
    await pause(AGAIN_MS);
    if (ended.signal.aborted) return;
  }
  ended.abort();
  if (document.activeElement?.closest("input, textarea, select, details[open]")) return;
  form.requestSubmit(form.querySelector("#take"));
}

// The device takes longer than one answer waits: ask until it is done or slow.
async function wait() {
  const before = frame.dataset.slow === "1";
  for (;;) {
    await pause(ASK_MS);
    // an answer that did not come is asked for again: a page must not wait for ever because one of them was lost
    // asked by the page itself, which keeps no screen unlocked
    const own = { headers: { "HX-Request": "true" } };
    const { going, to } = await fetch(frame.dataset.waiting, own).then((answer) => answer.json()).catch(() => ({}));
    if (going === null || (!before && going >= 8)) return location.replace(to ?? location.href);
  }
}

if (form) {
  form.addEventListener("submit", () => frame.setAttribute("aria-busy", "true"));
}
if (frame?.dataset.preview) {
  showSwitch();
  preview();
}
if (frame?.dataset.waiting) wait();
