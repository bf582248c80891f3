// "Letra grande": a choice of this machine, kept here.
const KEY = "torn-big";

function apply() {
  document.documentElement.classList.toggle("big", localStorage.getItem(KEY) === "yes");
}
apply();

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-big]")) return;
  localStorage.setItem(KEY, localStorage.getItem(KEY) === "yes" ? "no" : "yes");
  apply();
});
