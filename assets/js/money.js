// Amounts: input[data-money] writes $12.990 while digits come; keypad ([data-pad] inside [data-pad-for=id]) and
// suggested notes ([data-fill] with data-fill-for=id) write into it. The server hears one debounced change.
import { typeInto } from "./fields.js";

const MAX_DIGITS = 12;

function pesos(digits) {
  return digits ? "$" + digits.replace(/\B(?=(\d{3})+(?!\d))/g, ".") : "";
}

function digitsOf(text) {
  return text.replace(/\D/g, "").replace(/^0+(?=\d)/, "").slice(0, MAX_DIGITS);
}

// Capture: the text is already tidy when React reads it.
document.addEventListener("input", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.hasAttribute("data-money")) return;
  const fromEnd = input.value.length - (input.selectionEnd ?? input.value.length);
  const tidy = pesos(digitsOf(input.value));
  if (tidy === input.value) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, tidy);
  if (document.activeElement === input) {
    const caret = Math.max(0, tidy.length - fromEnd);
    input.setSelectionRange(caret, caret);
  }
}, true);

document.addEventListener("click", (event) => {
  const key = event.target.closest?.("[data-pad]");
  if (key) {
    const input = document.getElementById(key.closest("[data-pad-for]").dataset.padFor);
    if (!input) return;
    // A preset or suggested amount is replaced by the first digit, not continued.
    const now = input.dataset.fresh === "no" ? digitsOf(input.value) : key.dataset.pad === "back" ? digitsOf(input.value) : "";
    input.dataset.fresh = "no";
    typeInto(input, pesos(key.dataset.pad === "back" ? now.slice(0, -1) : digitsOf(now + key.dataset.pad)));
    return;
  }
  const note = event.target.closest?.("[data-fill]");
  if (note) {
    const input = document.getElementById(note.dataset.fillFor);
    if (!input) return;
    input.dataset.fresh = "yes";
    typeInto(input, pesos(digitsOf(note.dataset.fill)));
    // On to the amount, so that Enter confirms instead of choosing the same note again. A phone would open its keyboard.
    if (matchMedia("(pointer: fine)").matches) input.focus();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-money")) event.target.dataset.fresh = "no";
});
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-money")) event.target.select();
});
// The keypad does not take the focus from the amount.
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.("[data-pad]")) event.preventDefault();
});
