// The browser's own camera for the photo: live picture in the frame, one press, sent like any other attempt.

const ASPECT = 3 / 4; // of a pass photo, width to height
const box = document.querySelector("[data-camera]");

async function open(video) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { width: { ideal: 1920 }, height: { ideal: 1440 }, facingMode: "user" },
    audio: false,
  });
  video.srcObject = stream;
  await video.play();
}

// The middle of the picture, upright, at the camera's own resolution.
function still(video) {
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = document.createElement("canvas");
  canvas.height = Math.min(height, Math.round(width / ASPECT));
  canvas.width = Math.min(width, Math.round(canvas.height * ASPECT));
  const [left, top] = [(width - canvas.width) / 2, (height - canvas.height) / 2];
  canvas.getContext("2d").drawImage(video, left, top, canvas.width, canvas.height, 0, 0, canvas.width, canvas.height);
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
  box.querySelector("[data-camera-controls]").hidden = false;
  opener.addEventListener("click", async () => {
    try {
      await open(video);
    } catch {
      box.querySelector("[data-camera-problem]").hidden = false;
      return;
    }
    document.querySelector("#frame").replaceChildren(video);
    opener.hidden = true;
    taker.hidden = false;
    taker.focus();
  });
  taker.addEventListener("click", async () => {
    taker.disabled = true;
    await send(await still(video));
  });
}

if (box && navigator.mediaDevices) start();
