// The resident's own screen asks once a second what to show; while nothing changed, nothing moves.

const EVERY_MS = 1000;
const now = document.querySelector("[data-now]");

async function look() {
  const seen = now.querySelector("[data-version]").dataset.version;
  const answer = await fetch(`${now.dataset.now}?seen=${seen}`);
  if (answer.status !== 200) return;
  now.innerHTML = await answer.text();
  document.documentElement.lang = now.querySelector("[data-version]").lang;
}

async function follow() {
  for (;;) {
    await new Promise((later) => setTimeout(later, EVERY_MS));
    try {
      await look();
    } catch {
      // the station was restarted: ask again
    }
  }
}

// Answers are sent without leaving the page, so that the window stays where it is.
now.addEventListener("submit", async (event) => {
  event.preventDefault();
  const sent = new FormData(event.target, event.submitter);
  event.submitter.disabled = true;
  await fetch(event.target.action, { method: "POST", body: new URLSearchParams(sent) });
  await look();
});

follow();
