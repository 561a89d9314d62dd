// The signature pad: pen, finger or mouse on a white canvas, stroke by stroke, sent as PNG. Every point keeps the pressure
// it was written with, so that what remains after a stroke was taken back is drawn as it was written.

const pad = document.querySelector("[data-pad]");
const PEN = 4.5; // width of a line that has no pressure of its own
const [THINNEST, PRESSED] = [2, 5];

function start() {
  const canvas = pad.querySelector("canvas");
  const [back, clear, use] = ["back", "clear", "use"].map((name) => pad.querySelector(`[data-pad-${name}]`));
  const [hint, take] = [pad.querySelector("[data-pad-hint]"), document.querySelector("[data-take]")];
  const pen = canvas.getContext("2d");
  let strokes = [];
  let sent = false;

  function place(event) {
    const seen = canvas.getBoundingClientRect();
    const across = ((event.clientX - seen.left) * canvas.width) / seen.width;
    const down = ((event.clientY - seen.top) * canvas.height) / seen.height;
    return { across, down, width: event.pointerType === "pen" ? THINNEST + PRESSED * event.pressure : PEN };
  }

  function line(from, to) {
    pen.lineWidth = to.width;
    pen.beginPath();
    pen.moveTo(from.across, from.down);
    pen.lineTo(to.across, to.down);
    pen.stroke();
  }

  function paint() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    Object.assign(pen, { strokeStyle: "#101828", lineCap: "round", lineJoin: "round" });
    for (const stroke of strokes) stroke.forEach((point, at) => line(stroke[Math.max(0, at - 1)], point));
    for (const button of [back, clear, use]) {
      button.disabled = !strokes.length || sent;
      if (button.disabled) button.blur(); // until the next frame it would keep the focus and swallow keys
    }
    use.classList.toggle("button-primary", strokes.length > 0);
    if (strokes.length) hint.textContent = hint.dataset.written;
  }

  function takeBack() {
    if (sent) return;
    strokes.pop();
    paint();
  }

  function send() {
    if (sent) return;
    sent = true;
    paint();
    canvas.toBlob(async (blob) => {
      const form = new FormData();
      form.append("image", blob, "signature.png");
      try {
        const answer = await fetch(pad.dataset.pad, { method: "POST", body: form, headers: { Accept: "text/html" } });
        location.assign(answer.url);
      } catch {
        sent = false; // the station restarts: what was written stays
        paint();
      }
    }, "image/png");
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (sent || !event.isPrimary) return; // a palm beside the pen draws nothing
    canvas.setPointerCapture(event.pointerId);
    strokes.push([place(event)]);
    paint();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (sent || !event.isPrimary || !canvas.hasPointerCapture(event.pointerId)) return;
    const stroke = strokes.at(-1);
    // Coalesced events keep the curve of a quick hand.
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      stroke.push(place(part));
      line(stroke.at(-2), stroke.at(-1));
    }
  });
  back.addEventListener("click", takeBack);
  clear.addEventListener("click", () => {
    strokes = [];
    paint();
  });
  use.addEventListener("click", send);
  document.addEventListener("keydown", (event) => {
    if (pad.hidden || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    takeBack();
  });
  // The next action takes what was written; with nothing written the pad's own device is asked, where there is one.
  take?.addEventListener("submit", (event) => {
    if (pad.hidden || (!strokes.length && !("padOnly" in pad.dataset))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (strokes.length) send();
    else hint.textContent = hint.dataset.empty;
  });
  paint();
}

// Before the first signature the pad takes the frame's place; later it comes when it is asked for.
function show() {
  document.querySelector("#frame").hidden = true;
  pad.hidden = false;
}

if (pad) {
  start();
  const again = document.querySelector("[data-pad-again]");
  const written = document.querySelector("#frame img");
  if (written && !("padOnly" in pad.dataset && document.querySelector("[data-take]"))) {
    again.hidden = false;
    again.addEventListener("click", () => {
      again.hidden = true;
      show();
    });
  } else if (!document.querySelector("[data-waiting]")) {
    show();
  }
}
