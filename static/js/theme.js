// Light, dark or the reader's own setting; kept on this machine only.

const NAME = "curbstop-theme";

function shown() {
  const chosen = document.documentElement.dataset.bsTheme;
  if (chosen) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function choose(theme) {
  document.documentElement.dataset.bsTheme = theme;
  try {
    localStorage.setItem(NAME, theme);
  } catch {
    // Without storage the choice lasts until the page is left.
  }
}

export function start() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) choose(shown() === "dark" ? "light" : "dark");
  });
}
