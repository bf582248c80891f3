// Counting the drawer: form[data-count]. Adds up while one types; the server reads the form once, at the review.
import { typeInto } from "./fields.js";

function pesos(amount) {
  return "$" + String(amount).replace(/\B(?=(\d{3})+(?!\d))/g, ".");
}

function digits(text) {
  return text.replace(/\D/g, "");
}

function addUp(form) {
  let all = 0;
  for (const group of form.querySelectorAll("[data-coin-group]")) {
    let sum = 0;
    for (const input of group.querySelectorAll("[data-coin]")) {
      const worth = Number(digits(input.value)) * Number(input.dataset.coin);
      input.closest(".coin").querySelector("[data-coin-sum]").textContent = pesos(worth);
      sum += worth;
    }
    group.querySelector("[data-group-sum]").textContent = pesos(sum);
    all += sum;
  }
  if (form.elements.way.value === "total") all = Number(digits(form.elements.total.value));
  form.querySelector("[data-counted]").textContent = pesos(all);
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-count]");
  if (!form) return;
  if (event.target.hasAttribute("data-coin")) {
    const tidy = digits(event.target.value);
    if (tidy !== event.target.value) event.target.value = tidy;
  }
  addUp(form);
});

document.addEventListener("click", (event) => {
  const key = event.target.closest?.("form[data-count] [data-step]");
  if (!key) return;
  const input = key.closest(".stepper").querySelector("input");
  typeInto(input, String(Math.max(0, Number(digits(input.value)) + Number(key.dataset.step))));
});

// Enter goes on to the next coin instead of closing; arrows add and take away.
document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.hasAttribute("data-coin")) return;
  if (event.key === "Enter") {
    event.preventDefault();
    const all = [...input.form.querySelectorAll("[data-coin]")];
    (all[all.indexOf(input) + 1] ?? input.form.querySelector("[type=submit]")).focus();
  } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    event.preventDefault();
    const step = event.key === "ArrowUp" ? 1 : -1;
    typeInto(input, String(Math.max(0, Number(digits(input.value)) + step)));
  }
});
document.addEventListener("focusin", (event) => {
  if (event.target instanceof HTMLInputElement && event.target.hasAttribute("data-coin")) event.target.select();
});
