// [data-print="/imprimir/venta/12"]: the copy is printed from a hidden frame, so the till stays where it is. The page in
// the frame opens the print dialog by itself. One frame at a time: the last copy asked for.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-print]");
  if (!button) return;
  document.getElementById("print-frame")?.remove();
  const frame = document.createElement("iframe");
  frame.id = "print-frame";
  frame.title = "Impresión";
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.style.cssText = "position:fixed;right:0;bottom:0;width:0;height:0;border:0";
  frame.src = button.dataset.print + "?auto=1";
  document.body.append(frame);
});
