// A masked number, shown in its place for a reason and for a minute.  It goes into the page as text alone:
// not into an address, not into what the browser keeps of pages gone by.

const SHOWN_FOR = 60000;
const hiding = new Set();

function showIn(place, plain, fold) {
  const masked = place.textContent;
  const hide = () => {
    place.textContent = masked;
    place.classList.remove("sealed-open");
    fold.hidden = false;
    clearTimeout(timer);
    hiding.delete(hide);
  };
  const timer = setTimeout(hide, SHOWN_FOR);
  place.textContent = plain;
  place.classList.add("sealed-open");
  place.tabIndex = -1;
  hiding.add(hide);
  fold.open = false;
  fold.hidden = true;
  place.focus();
}

async function ask(form) {
  const fold = form.closest("[data-reveal]");
  const said = form.querySelector(".reveal-said");
  const place = document.getElementById(fold.dataset.reveal);
  const button = form.querySelector("button");
  button.disabled = true;
  said.textContent = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), cache: "no-store", headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const plain = page.querySelector("output.revealed")?.textContent.trim();
    if (answer.ok && plain) {
      form.reset();
      showIn(place, plain, fold);
    } else {
      const why = page.querySelector(".field-error") ?? page.querySelector(".wrong-summary li, .notice") ?? page.querySelector("h1");
      said.textContent = why?.textContent.replace(/\s+/g, " ").trim() || "It was not shown. Reload the page and ask again.";
      form.elements.reason.focus();
    }
  } catch {
    said.textContent = "No answer came. Nothing was shown; ask again.";
  }
  button.disabled = false;
}

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("[data-reveal]")) return;
    event.preventDefault();
    if (!form.querySelector("button").disabled) ask(form);
  });
  document.addEventListener("keydown", (event) => {
    const fold = event.key === "Escape" && event.target.closest?.("[data-reveal][open]");
    if (!fold) return;
    event.preventDefault();
    fold.open = false;
    fold.querySelector("summary").focus();
  });
  addEventListener("pagehide", () => hiding.forEach((hide) => hide()));
}
