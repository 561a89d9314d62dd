// After wrong PINs: the seconds that are left, counted down where they stand.

const box = document.querySelector("[data-countdown]");
if (box) {
  const shown = box.querySelector("[data-countdown-shown]");
  const until = performance.now() + 1000 * Number(box.dataset.countdown);
  const timer = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    shown.textContent = left > 0 ? shown.textContent.replace(/\d+/, left) : box.dataset.ready;
    if (left <= 0) clearInterval(timer);
  }, 500);
}
