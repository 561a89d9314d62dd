// The signature pad: pen, finger or mouse on a white canvas, sent as PNG.

const pad = document.querySelector("[data-pad]");

function start() {
  const canvas = pad.querySelector("canvas");
  const [clear, use] = [pad.querySelector("[data-pad-clear]"), pad.querySelector("[data-pad-use]")];
  const pen = canvas.getContext("2d");

  function blank() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    clear.disabled = use.disabled = true;
  }

  function place(event) {
    const seen = canvas.getBoundingClientRect();
    return [((event.clientX - seen.left) * canvas.width) / seen.width, ((event.clientY - seen.top) * canvas.height) / seen.height];
  }

  // Coalesced events keep the curve of a quick hand; a pen's pressure is its width.
  function draw(event) {
    for (const part of event.getCoalescedEvents?.() ?? [event]) {
      pen.lineWidth = event.pointerType === "pen" ? 2 + 5 * part.pressure : 4.5;
      pen.lineTo(...place(part));
      pen.stroke();
      pen.beginPath();
      pen.moveTo(...place(part));
    }
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    Object.assign(pen, { strokeStyle: "#101828", lineCap: "round", lineJoin: "round" });
    pen.beginPath();
    pen.moveTo(...place(event));
    draw(event);
    clear.disabled = use.disabled = false;
    use.classList.add("button-primary");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) draw(event);
  });
  clear.addEventListener("click", blank);
  use.addEventListener("click", () => {
    use.disabled = true;
    canvas.toBlob(async (blob) => {
      const form = new FormData();
      form.append("image", blob, "signature.png");
      const answer = await fetch(pad.dataset.pad, { method: "POST", body: form, headers: { Accept: "text/html" } });
      location.assign(answer.url);
    }, "image/png");
  });
  blank();
}

// Before the first signature the pad takes the frame's place; later it comes when it is asked for.
function show() {
  document.querySelector("#frame").hidden = true;
  pad.hidden = false;
}

if (pad) {
  start();
  const again = document.querySelector("[data-pad-again]");
  if (document.querySelector("#frame img")) {
    again.hidden = false;
    again.addEventListener("click", () => {
      again.hidden = true;
      show();
    });
  } else {
    show();
  }
}
