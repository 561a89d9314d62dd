// The second screen asks every two seconds which number is called, and plays two soft notes when that changes.

const main = document.querySelector("[data-state]");
const put = (name, text) => { document.querySelector(`[data-${name}]`).textContent = text; };
let called = `${document.querySelector("[data-now]").textContent}/${main.dataset.calls}`;
let sound = null;

// A browser lets a page sound only after somebody touched it.
const button = document.querySelector("[data-sound]");
button.hidden = !("AudioContext" in window);
button.addEventListener("click", () => {
  sound = sound ? void sound.close() : new AudioContext();
  button.textContent = sound ? button.dataset.off : button.dataset.on;
  if (sound) chime();
});

function chime() {
  [523.25, 659.25].forEach((pitch, place) => {
    const tone = sound.createOscillator(), loud = sound.createGain(), at = sound.currentTime + 0.35 * place;
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0, at);
    loud.gain.linearRampToValueAtTime(0.2, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.001, at + 0.9);
    tone.connect(loud).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 1);
  });
}

function show(state) {
  const heading = document.querySelector("[data-heading]");
  heading.textContent = heading.dataset[state.now ? "serving" : state.open ? "idle" : "closed"];
  put("now", state.now);
  put("service", state.service);
  put("waiting", state.waiting);
  put("wait", state.wait);
  document.querySelector("[data-earlier]").replaceChildren(...state.earlier.map((number) => {
    const item = document.createElement("li");
    item.textContent = number;
    return item;
  }));
  const now = `${state.now}/${state.calls}`;
  if (now !== called && state.now) {
    document.body.classList.remove("hall-called");
    void document.body.offsetWidth; // the animation begins anew
    document.body.classList.add("hall-called");
    if (sound) chime();
  }
  called = now;
}

async function ask() {
  let lost = false;
  try {
    const answer = await fetch("/queue/serving/now", { headers: { accept: "application/json" } });
    lost = !answer.ok;
    if (answer.ok) show(await answer.json());
  } catch {
    lost = true;
  }
  document.querySelector("[data-lost]").hidden = !lost;
  for (const name of ["waiting", "wait"]) document.querySelector(`[data-${name}]`).hidden = lost;
  setTimeout(ask, 2000);
}
setTimeout(ask, 2000);
