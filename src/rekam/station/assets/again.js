// A paper that opens in a tab of its own changes this page, too: it is asked for anew when somebody is back.

for (const form of document.querySelectorAll("form[data-again]")) {
  form.addEventListener("submit", () => {
    const back = () => document.visibilityState === "visible" && location.reload();
    setTimeout(() => addEventListener("focus", back, { once: true }), 500);
    document.addEventListener("visibilitychange", back);
  });
}
