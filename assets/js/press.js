// Buttons that act once. [aria-disabled=true] and [aria-busy=true] swallow the press; [data-busy] turns busy in the same
// frame, before the server answers, and waits for the server to say so and take it back (aria-busy true, then false).
const PATIENCE = 8000; // ms after which a button the server forgot works again

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.getAttribute("aria-disabled") === "true" || button.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (!button.hasAttribute("data-busy")) return;
  // After React has seen this click.
  setTimeout(() => {
    if (!button.isConnected) return;
    button.setAttribute("aria-busy", "true");
    const release = () => {
      watch.disconnect();
      clearTimeout(timer);
    };
    const watch = new MutationObserver(() => button.getAttribute("aria-busy") === "false" && release());
    watch.observe(button, { attributeFilter: ["aria-busy"] });
    const timer = setTimeout(() => {
      release();
      button.setAttribute("aria-busy", "false");
    }, PATIENCE);
  });
}, true);
