// The photo's frame, moved in the camera's whole picture by arrow keys, + and -, buttons, or a finger on it. The place is
// sent when the operator goes on. Without this script each button sends its own step, which the station takes.

const picture = document.querySelector("[data-framing]");
const ASPECT = 3 / 4; // of a passport photo, width to height
const KEYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", "+": "closer", "=": "closer", "-": "wider" };

function start() {
  const [shade, drawn] = [picture.querySelector(".framing-shade"), picture.querySelector(".framing-frame")];
  const { width: across, height: down } = picture.viewBox.baseVal;
  const step = Number(picture.dataset.framing);
  const forms = [...document.querySelectorAll("[data-framing-form], [data-framing-moves]")];
  let [x, y, height] = ["x", "y", "height"].map((name) => Number(forms[0].elements[name].value));

  // As the station keeps a frame inside its picture.
  function place(left, above, tall) {
    height = Math.min(Math.max(tall, 0.1 * down), down, across / ASPECT);
    x = Math.min(Math.max(left, 0), across - height * ASPECT);
    y = Math.min(Math.max(above, 0), down - height);
    for (const form of forms) for (const [name, value] of Object.entries({ x, y, height })) form.elements[name].value = value;
    const width = height * ASPECT;
    for (const [name, value] of Object.entries({ x, y, width, height })) drawn.setAttribute(name, value);
    shade.setAttribute("d", `M0 0H${across}V${down}H0ZM${x} ${y}v${height}h${width}v-${height}Z`);
  }

  function move(how) {
    const by = step * height;
    if (how === "left" || how === "right") place(how === "left" ? x - by : x + by, y, height);
    else if (how === "up" || how === "down") place(x, how === "up" ? y - by : y + by, height);
    else {
      const grown = how === "wider" ? by : -by;
      place(x - (grown * ASPECT) / 2, y - grown / 2, height + grown);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.key in KEYS) || event.target.closest("input, textarea, select")) return;
    event.preventDefault();
    move(KEYS[event.key]);
  });
  document.querySelector("[data-framing-moves]").addEventListener("submit", (event) => {
    event.preventDefault();
    move(event.submitter.value);
  });

  let held = null;
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    held = { at: [event.clientX, event.clientY], from: [x, y] };
  });
  picture.addEventListener("pointermove", (event) => {
    if (!held) return;
    const scale = 1 / picture.getScreenCTM().a;
    place(held.from[0] + (event.clientX - held.at[0]) * scale, held.from[1] + (event.clientY - held.at[1]) * scale, height);
  });
  for (const kind of ["pointerup", "pointercancel"]) picture.addEventListener(kind, () => (held = null));
}

if (picture) start();
