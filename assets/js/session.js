// Logging in, choosing a company, logging out: posted by the browser itself, so that a password never travels in an
// event and the session cookie stays out of reach of scripts (HttpOnly).

const OFFLINE = "No hay conexión con el servidor. Revise su red y vuelva a intentar.";

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  const data = await answer.json().catch(() => ({}));
  return { ok: answer.ok, status: answer.status, data };
}

/** Where to go after login: only a path of this site. */
function wanted() {
  const path = new URLSearchParams(location.search).get("volver") ?? "";
  return /^\/(?![\/\\])/.test(path) ? path : null;
}

function tell(form, text) {
  const box = form.querySelector("[data-login-error]");
  box.querySelector("[data-text]").textContent = text;
  box.hidden = !text;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-login]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = form.querySelector("button[type=submit]");
  if (button.getAttribute("aria-busy") === "true") return;
  const { email, password } = Object.fromEntries(new FormData(form));
  tell(form, "");
  if (!email.trim() || !password) {
    tell(form, email.trim() ? "Escriba su contraseña." : "Escriba su correo.");
    form.elements[email.trim() ? "password" : "email"].focus();
    return;
  }
  button.setAttribute("aria-busy", "true");
  try {
    const { ok, status, data } = await post("/auth/browser/login", { email: email.trim(), password });
    if (ok) {
      const back = wanted();
      const companies = Array.isArray(data) ? data.filter((company) => company.is_active).length : 1;
      if (companies === 1) location.assign(back ?? "/");
      else location.assign("/select-tenant" + (back ? "?volver=" + encodeURIComponent(back) : ""));
      return; // stays busy until the new page comes
    }
    tell(form, status === 401 ? "El correo o la contraseña no coinciden." : typeof data.detail === "string" ? data.detail : "No se pudo entrar. Intente de nuevo.");
    form.elements.password.focus();
    form.elements.password.select();
  } catch {
    tell(form, OFFLINE);
  }
  button.setAttribute("aria-busy", "false");
}, true);

document.addEventListener("click", async (event) => {
  const eye = event.target.closest?.("[data-eye]");
  if (eye) {
    const input = document.getElementById(eye.dataset.eye);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    eye.setAttribute("aria-pressed", String(!shown));
    input.focus();
    return;
  }
  const company = event.target.closest?.("[data-tenant]");
  if (company) {
    company.setAttribute("aria-busy", "true");
    const error = document.querySelector("[data-login-error]");
    try {
      const { ok, data } = await post("/auth/browser/tenant", { tenant_id: Number(company.dataset.tenant) });
      if (ok) {
        location.assign(wanted() ?? "/");
        return;
      }
      error.querySelector("[data-text]").textContent = typeof data.detail === "string" ? data.detail : "No se pudo entrar a esa empresa.";
    } catch {
      error.querySelector("[data-text]").textContent = OFFLINE;
    }
    error.hidden = false;
    company.setAttribute("aria-busy", "false");
  }
});

// Entries of the user menu (torn_app/ui/layout.py).
document.addEventListener("click", async (event) => {
  if (!event.target.closest?.("[data-logout]")) return;
  try {
    await post("/auth/browser/logout");
  } finally {
    location.assign("/login");
  }
});
