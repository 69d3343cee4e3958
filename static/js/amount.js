// Amounts as clerks type them: 12, 12.5, 1,234.56. The server reads the text itself; this only helps
// the hand: all selected on focus, a tidy form on leaving, nothing changed by the wheel.

const TYPED = /^-?(\d{1,3}(,\d{3})+|\d+)?(\.\d{0,2})?$/;

export function tidy(text) {
  const plain = text.trim().replace("$", "").trim();
  if (!TYPED.test(plain) || !/\d/.test(plain)) return null;
  const [whole, cents = ""] = plain.replaceAll(",", "").replace("-", "").split(".");
  const grouped = (whole.replace(/^0+(?=\d)/, "") || "0").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${plain.startsWith("-") ? "-" : ""}${grouped}.${cents.padEnd(2, "0")}`;
}

const amountOf = (event) => (event.target instanceof HTMLInputElement && event.target.matches("[data-amount]") ? event.target : null);

export function start() {
  document.addEventListener("focusin", (event) => amountOf(event)?.select());
  document.addEventListener("focusout", (event) => {
    const field = amountOf(event);
    const tidied = field && tidy(field.value);
    if (tidied) field.value = tidied;
  });
}
