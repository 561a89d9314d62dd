// The slip goes to whatever printer the browser knows.
document.querySelector("[data-print]")?.addEventListener("click", () => print());
