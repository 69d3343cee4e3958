// Says before a session ends, keeps the page as it is, and lets the operator stay with one key.

const WARN_BEFORE = 120;
let ends = 0;

function renew(seconds) {
  ends = Date.now() + seconds * 1000;
}

async function stay(sheet, seconds) {
  const answer = await fetch(document.body.dataset.sessionStay, { headers: { Accept: "application/json" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    renew(seconds);
    sheet.close();
  } else {
    sheet.querySelector("[data-session-words]").textContent = "The session has ended. Sign in again in another tab; what you typed stays here.";
  }
}

// The screen is locked where it stands: whoever signs in next goes on there.
function startLock() {
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-lock]")) return;
    event.target.elements.next.value = location.pathname + location.search;
    for (const form of document.querySelectorAll("form[data-edited]")) form.removeAttribute("data-edited");
  });
}

export function start() {
  startLock();
  const seconds = Number(document.body.dataset.session);
  const sheet = document.getElementById("session-ends");
  if (!seconds || !sheet) return;
  renew(seconds);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail?.successful) renew(seconds);
  });
  sheet.querySelector("[data-session-stay]").addEventListener("click", () => stay(sheet, seconds));
  setInterval(() => {
    const left = Math.max(0, Math.round((ends - Date.now()) / 1000));
    if (left > WARN_BEFORE) return;
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    sheet.querySelector("[data-session-left]").textContent = clock;
    if (!sheet.open && !document.querySelector("dialog[open]")) sheet.showModal();
  }, 1000);
}
