// The camera reads a code: one picture after the other goes to the station, which says where to go.

const EVERY_MS = 250;
const SLOW_MS = 8000;
const WIDEST = 1280;
const box = document.querySelector("[data-scan]");
const opener = document.querySelector("[data-scan-open]");

function picture(video) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
}

async function asked(video) {
  const form = new FormData();
  form.append("image", await picture(video), "code.jpg");
  const answer = await fetch(box.dataset.scan, { method: "POST", body: form });
  if (!answer.ok) throw new Error(answer.status);
  return answer.status === 204 ? null : (await answer.json()).to;
}

async function look(video, tell) {
  const began = Date.now();
  while (box.open) {
    const to = video.videoWidth ? await asked(video) : null;
    if (to && box.open) {
      location.assign(to);
      return;
    }
    if (Date.now() - began > SLOW_MS) tell("slow");
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

function start() {
  const [video, told] = [box.querySelector("video"), box.querySelector("[data-scan-told]")];
  const tell = (what) => told.textContent !== told.dataset[what] && (told.textContent = told.dataset[what]);
  let stream = null;
  const stop = () => stream?.getTracks().forEach((track) => track.stop());

  opener.hidden = false;
  opener.addEventListener("click", async () => {
    tell("waiting");
    box.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { width: { ideal: 1920 }, height: { ideal: 1080 }, facingMode: "environment" },
        audio: false,
      });
    } catch {
      tell("problem");
      return;
    }
    if (!box.open) return stop();
    video.srcObject = stream;
    await video.play().catch(() => {});
    look(video, tell).catch(() => tell("failed"));
  });
  box.addEventListener("close", stop);
  addEventListener("pagehide", stop);
}

if (box && opener && navigator.mediaDevices && box.showModal) start();
