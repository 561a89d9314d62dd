// The browser's own camera for the photo: live picture in the frame, one press, sent like any other attempt.

const box = document.querySelector("[data-camera]");

async function open(video) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "user" },
    audio: false,
  });
  video.srcObject = stream;
  await video.play();
}

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

function start() {
  const [opener, taker] = [box.querySelector("[data-camera-open]"), box.querySelector("[data-camera-take]")];
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true });
  let live = false;
  box.querySelector("[data-camera-controls]").hidden = false;

  async function show() {
    try {
      await open(video);
    } catch {
      box.querySelector("[data-camera-problem]").hidden = false;
      box.open = true; // a file does it, too
      return;
    }
    live = true;
    document.querySelector("#frame").replaceChildren(video);
    opener.hidden = true;
    taker.hidden = false;
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
  if (!("cameraOnly" in box.dataset)) return;
  // No device takes this picture: the page's own buttons are the camera's.
  for (const form of document.querySelectorAll("[data-take], [data-again]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (live) take();
      else show();
    });
  }
  if ("cameraAtOnce" in box.dataset && !document.querySelector("#frame .captured")) show();
}

if (box && navigator.mediaDevices) start();
