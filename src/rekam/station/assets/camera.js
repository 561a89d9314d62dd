// The browser's own camera for the photo: live picture in the frame, one press, sent like any other attempt. Which
// camera was chosen is remembered in this browser; what is wrong with it is told with what to do, and stands in no way.

const box = document.querySelector("[data-camera]");
const CHOSEN = "camera";

// The whole picture at the camera's own resolution: the station finds the face in it and proposes the frame.
function still(video) {
  const canvas = Object.assign(document.createElement("canvas"), { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
}

async function send(blob) {
  const form = new FormData();
  form.append("image", blob, "photo.jpg");
  const answer = await fetch(box.dataset.camera, { method: "POST", body: form, headers: { Accept: "text/html" } });
  location.assign(answer.url);
}

async function stream() {
  const wanted = localStorage.getItem(CHOSEN);
  const asked = (which) =>
    navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1920 }, height: { ideal: 1440 }, ...which }, audio: false });
  const any = () => asked({ facingMode: "user" });
  if (!wanted) return any();
  // the chosen one is away: another is better than none
  return asked({ deviceId: { exact: wanted } }).catch((error) => (error.name === "OverconstrainedError" ? any() : Promise.reject(error)));
}

function start() {
  const part = (name) => box.querySelector(`[data-camera-${name}]`);
  const [opener, taker, choice, problem] = ["open", "take", "choice", "problem"].map(part);
  const frame = document.querySelector("#frame");
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  const before = [...frame.childNodes];
  let live = false;
  part("controls").hidden = false;

  function stop() {
    for (const track of video.srcObject?.getTracks() ?? []) track.stop();
    video.srcObject = null;
  }

  // What is wrong, by the name that the browser gives it (Media Capture and Streams, 10.2); `gone` is our own.
  function tell(name) {
    const words = { NotAllowedError: "denied", NotFoundError: "missing", NotReadableError: "busy", gone: "gone" }[name];
    problem.textContent = problem.dataset[words ?? "other"];
    problem.hidden = false;
    box.open = true; // a file does it, too
    live = false;
    stop();
    if (video.isConnected) frame.replaceChildren(...before);
    opener.hidden = false;
    taker.hidden = true;
  }

  // Labels are known only once a camera was opened.
  async function offer(using) {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
    choice.closest("label").hidden = cameras.length < 2;
    choice.replaceChildren(
      ...cameras.map(({ deviceId, label }, at) => new Option(label || String(at + 1), deviceId, false, deviceId === using)),
    );
    if (cameras.length > 1) box.open = box.open || !localStorage.getItem(CHOSEN);
  }

  async function show() {
    stop();
    try {
      video.srcObject = await stream();
      await video.play();
    } catch (error) {
      tell(error.name);
      return;
    }
    const [track] = video.srcObject.getVideoTracks();
    track.addEventListener("ended", () => tell("gone"));
    live = true;
    problem.hidden = true;
    frame.replaceChildren(video);
    opener.hidden = true;
    taker.hidden = false;
    await offer(track.getSettings().deviceId);
  }

  async function take() {
    taker.disabled = true;
    try {
      await send(await still(video));
    } catch {
      taker.disabled = false; // the station restarts: press again
    }
  }

  opener.addEventListener("click", async () => {
    await show();
    if (live) taker.focus();
  });
  taker.addEventListener("click", take);
  choice.addEventListener("change", () => {
    localStorage.setItem(CHOSEN, choice.value);
    show();
  });
  addEventListener("pagehide", stop);
  if (!("cameraOnly" in box.dataset)) return;
  // No device takes this picture: the page's own buttons are the camera's.
  for (const form of document.querySelectorAll("[data-take], [data-again]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (live && !taker.disabled) take();
      else if (!live) show();
    });
  }
  if (!("cameraAtOnce" in box.dataset) || frame.querySelector(".captured")) return;
  // Plugged in now, or again: it opens by itself, as it would have.
  navigator.mediaDevices.addEventListener("devicechange", () => live || show());
  show();
}

if (box && navigator.mediaDevices) start();
