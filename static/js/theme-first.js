// Runs before the page is painted, so a chosen theme never flashes the other one.
try {
  const chosen = localStorage.getItem("curbstop-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.bsTheme = chosen;
} catch {
  // Storage may be refused; the reader's own setting stands.
}
