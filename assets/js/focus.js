// A dialog opens on the field with data-autofocus, not on its cross. When it closes the focus goes back to what opened
// it: Radix does so only for its own trigger buttons, ours are opened by the state. A view with data-start="id" puts the
// focus on that field when it appears, once: redrawing the field later leaves the focus where it is.
let last = null;

document.addEventListener("focusin", (event) => {
  if (!event.target.closest("[role=dialog]")) last = event.target;
});

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      const dialog = node instanceof HTMLElement && (node.matches("[role=dialog]") ? node : node.querySelector("[role=dialog]"));
      const first = dialog && dialog.querySelector("[data-autofocus]");
      if (first) setTimeout(() => first.focus()); // after Radix has chosen
      const view = node instanceof HTMLElement && (node.matches("[data-start]") ? node : node.querySelector("[data-start]"));
      if (view) setTimeout(() => document.getElementById(view.dataset.start)?.focus());
    }
  }
  const closed = changes.some((change) =>
    [...change.removedNodes].some((node) => node instanceof HTMLElement && (node.matches("[role=dialog]") || node.querySelector("[role=dialog]"))),
  );
  if (!closed) return;
  setTimeout(() => {
    if (document.activeElement === document.body && last?.isConnected) last.focus();
  });
}).observe(document.documentElement, { childList: true, subtree: true });
