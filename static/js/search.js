// The one search: arrows walk the answers, Enter opens the marked one (or asks for the full page), Esc leaves.

const box = () => document.getElementById("find");
const answers = () => document.getElementById("find-results");
const options = () => [...(answers()?.querySelectorAll("[role=option]") ?? [])];

function mark(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  if (option) {
    box().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    box().removeAttribute("aria-activedescendant");
  }
}

function open(on) {
  if (!answers()) return;
  answers().hidden = !on;
  box().setAttribute("aria-expanded", String(on && options().length > 0));
}

function onKey(event) {
  const all = options();
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!all.length) return;
    event.preventDefault();
    open(true);
    const step = event.key === "ArrowDown" ? 1 : -1;
    mark(all[(here + step + all.length) % all.length] ?? all[0]);
  } else if (event.key === "Enter" && here >= 0 && !answers().hidden) {
    event.preventDefault();
    location.assign(all[here].href);
  } else if (event.key === "Escape" && !answers().hidden && all.length) {
    event.preventDefault();
    open(false);
  }
}

export function start() {
  document.addEventListener("keydown", (event) => event.target === box() && onKey(event));
  document.addEventListener("input", (event) => event.target === box() && mark(null));
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target === answers()) {
      open(document.activeElement === box());
      mark(options()[0]);
    }
  });
  document.addEventListener("focusin", (event) => {
    if (box() && !event.target.closest(".find")) open(false);
  });
}
