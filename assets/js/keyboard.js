// Keyboard of the till: barcode scanner and key map.
//
// Scanner: a burst of characters, each at most BURST_GAP ms after the one before, at least MIN_CODE of them, closed by
// Enter. It is caught anywhere except in a field (a field with data-scan-ok, the till's search or the amount received,
// also lets it through and gets its text back). The code leaves as the window event "torn:scan"; layout.scan_listener hands it to the server.
//
// Key map: a key presses the visible element whose data-key names it ("F9", "Control+Enter", "Shift+F4", "Escape", "?";
// several divided by spaces), or focuses it when it is a field. While a dialog is open only its own keys count.
// A key that comes before the server has answered the tap or scan before it is held: it presses its button as soon as that
// can be pressed, unless anything else is pressed meanwhile.
// Single characters count only outside fields (letters also in an amount; a digit with Alt anywhere), and wait BURST_GAP first: they may be the start of a scan.
import { isTyping, typeInto } from "./fields.js";

const BURST_GAP = 60;
const MIN_CODE = 4;
const HELD = 3000; // ms a key waits for its button

let burst = "";
let lastAt = 0;
let before = null; // { input, text }: a data-scan-ok field and what it held before the burst
let waiting = 0;
let held = null; // { watch, timer }

window.addEventListener("keydown", onKey, true);
window.addEventListener("pointerdown", letGo, true);

function onKey(event) {
  letGo();
  if (event.isComposing || event.defaultPrevented) return;
  const field = isTyping(document.activeElement) ? document.activeElement : null;
  const scans = !field || field.hasAttribute("data-scan-ok");
  const printable = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;

  if (printable && scans && !event.repeat) {
    clearTimeout(waiting);
    if (event.timeStamp - lastAt > BURST_GAP) {
      burst = "";
      before = field ? { input: field, text: field.value } : null;
    }
    burst += event.key;
    lastAt = event.timeStamp;
  }
  if (event.key === "Enter" && scans && burst.length >= MIN_CODE && event.timeStamp - lastAt <= BURST_GAP) {
    event.preventDefault();
    event.stopImmediatePropagation(); // or the focused button would be pressed
    const code = burst;
    burst = "";
    if (before) typeInto(before.input, before.text);
    window.dispatchEvent(new CustomEvent("torn:scan", { detail: code }));
    return;
  }

  const name = nameOf(event);
  if (printable) {
    // An amount takes no letters, so they stay keys of the till while one is being typed.
    if (field && !(field.hasAttribute("data-money") && /^[a-z]$/i.test(event.key))) return;
    const target = find(name);
    if (!target) return;
    if (burst.length > 1) return; // inside a burst
    event.preventDefault();
    waiting = setTimeout(() => press(target), BURST_GAP);
    return;
  }
  if (event.repeat && !event.key.startsWith("Arrow")) return;
  if (event.key === "Enter" && name === "Enter" && keepsEnter(document.activeElement)) return;
  if (event.key.startsWith("Arrow") && (field || document.activeElement?.closest("[role=radiogroup],[role=tablist],[role=menu]"))) return;
  const target = find(name);
  if (!target) return;
  event.preventDefault();
  press(target);
}

function nameOf(event) {
  if (event.altKey && /^Digit[1-9]$/.test(event.code)) return event.code.at(-1); // also while typing an amount
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  return (event.ctrlKey || event.metaKey ? "Control+" : "") + (event.altKey ? "Alt+" : "") + shift + key;
}

function find(name) {
  const dialogs = document.querySelectorAll("[role=dialog],[role=alertdialog],[role=menu]");
  const scope = dialogs.length ? dialogs[dialogs.length - 1] : document;
  const named = [...scope.querySelectorAll("[data-key]")].filter((e) => e.dataset.key.split(" ").includes(name));
  return named.reverse().find((e) => e.getClientRects().length && !e.disabled);
}

function press(target) {
  if (isTyping(target)) {
    target.focus();
    target.select?.();
  } else if (isBlocked(target)) {
    hold(target);
  } else {
    target.click();
  }
}

function isBlocked(target) {
  return target.getAttribute("aria-disabled") === "true";
}

function hold(target) {
  const watch = new MutationObserver(() => {
    if (isBlocked(target)) return;
    letGo();
    target.click();
  });
  watch.observe(target, { attributeFilter: ["aria-disabled"] });
  held = { watch, timer: setTimeout(letGo, HELD) };
}

function letGo() {
  held?.watch.disconnect();
  clearTimeout(held?.timer);
  held = null;
}

/** Enter belongs to links, plain buttons and texts; a chosen radio tile lets it pass to the main action. */
function keepsEnter(element) {
  return Boolean(element?.closest("a[href],textarea,button:not([role=radio]),summary,form,[role=menuitem]"));
}
