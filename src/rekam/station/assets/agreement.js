// The review waits for the resident's own screen: it is shown anew when the resident answered there.

const form = document.querySelector("[data-agreement]");
const EVERY_MS = 1000;

async function wait() {
  for (;;) {
    await new Promise((later) => setTimeout(later, EVERY_MS));
    // asked by the page itself, which keeps no screen unlocked; while that is locked there is no answer
    const answer = await fetch(form.dataset.agreement, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.status !== 200) continue;
    const { screen } = await answer.json();
    if (screen === "over") return; // saved or closed: the window that did it leads on (tabs.js)
    const busy = form.querySelector("[name=consent]:checked") || form.querySelector("[name=pin]")?.value;
    if (screen !== form.dataset.screen && !busy) return location.reload();
  }
}

if (form && form.dataset.screen !== "agreed") wait();
