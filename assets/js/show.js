// What appears with data-show is brought into view inside its own scroller (the newest line of the ticket).
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) {
      if (!(node instanceof HTMLElement)) continue;
      const shown = node.matches("[data-show]") ? node : node.querySelector("[data-show]");
      shown?.scrollIntoView({ block: "nearest" });
    }
  }
}).observe(document.documentElement, { childList: true, subtree: true });
