// Arrows inside a group of choices: radio tiles choose as they move (unless disabled), tabs likewise.
const NEXT = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

document.addEventListener("keydown", (event) => {
  const group = event.target.closest?.("[role=radiogroup],[role=tablist]");
  if (!group) return;
  const items = [...group.querySelectorAll("[role=radio],[role=tab]")];
  const at = items.indexOf(event.target.closest("[role=radio],[role=tab]"));
  if (at < 0) return;
  let to = null;
  if (event.key in NEXT) to = items[(at + NEXT[event.key] + items.length) % items.length];
  if (event.key === "Home") to = items[0];
  if (event.key === "End") to = items.at(-1);
  if (!to) return;
  event.preventDefault();
  to.focus();
  if (to.getAttribute("aria-disabled") !== "true") to.click();
});
