// The walking order under the hand: drag a line, Alt and an arrow, or type its number. Nothing is kept
// until the form is sent; it then sends every line at once.

const body = () => document.querySelector("tbody[data-walk]");
const rows = () => [...(body()?.rows ?? [])];
const number = (row) => row.querySelector("input[name=place]");
let held = null;

function say(text) {
  const place = document.querySelector("[data-walk-said]");
  if (place) place.textContent = text;
}

function edited() {
  const form = document.querySelector("form[data-walk-form]");
  form.elements.places.value = rows().map((row) => `${row.dataset.place}:${number(row).value.trim()}`).join(",");
  form.setAttribute("data-edited", "");
}

// After a move the numbers are those there were, in the new order: only lines between here and there change.
function moved(row, was) {
  was.forEach((value, n) => {
    const field = number(rows()[n]);
    field.value = value;
  });
  row.classList.add("is-moved");
  edited();
  say(`Place ${rows().indexOf(row) + 1} of ${rows().length}. Not saved yet.`);
}

const numbers = () => rows().map((row) => number(row).value);

function step(row, way) {
  const was = numbers();
  const other = way < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (way < 0) other.before(row);
  else other.after(row);
  moved(row, was);
  number(row).focus();
  row.scrollIntoView({ block: "nearest" });
}

// A typed number puts the line where the number belongs.
function sort(row) {
  const key = (one) => Number(number(one).value) || 0;
  const rest = rows().filter((one) => one !== row);
  const next = rest.find((one) => key(one) > key(row));
  if (next) next.before(row);
  else body().append(row);
  row.classList.add("is-moved");
  edited();
  say(`Place ${rows().indexOf(row) + 1} of ${rows().length}. Not saved yet.`);
  number(row).focus();
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("tbody[data-walk] tr");
  if (!row || event.ctrlKey || event.metaKey) return;
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) step(row, event.key === "ArrowUp" ? -1 : 1);
  else if (event.altKey) return;
  else if (event.key === "Enter" && event.target === number(row)) sort(row);
  else if (event.target === number(row) && event.key === "ArrowUp") row.previousElementSibling && number(row.previousElementSibling).select();
  else if (event.target === number(row) && event.key === "ArrowDown") row.nextElementSibling && number(row.nextElementSibling).select();
  else return;
  event.preventDefault();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("tbody[data-walk] input[name=place]")) sort(event.target.closest("tr"));
  if (event.target.matches("[data-walk-all]")) {
    for (const box of document.querySelectorAll("tbody[data-walk] input[name=selected]")) box.checked = event.target.checked;
  }
});

document.addEventListener("dragstart", (event) => {
  const row = event.target.closest?.("tbody[data-walk] tr");
  if (!row) return;
  held = { row, was: numbers() };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", row.dataset.place);
  row.classList.add("is-held");
});

document.addEventListener("dragover", (event) => {
  const over = held && event.target.closest?.("tbody[data-walk] tr");
  if (!over) return;
  event.preventDefault();
  if (over === held.row) return;
  const box = over.getBoundingClientRect();
  if (event.clientY < box.top + box.height / 2) over.before(held.row);
  else over.after(held.row);
});

document.addEventListener("drop", (event) => {
  if (held) event.preventDefault();
});

document.addEventListener("dragend", () => {
  if (!held) return;
  held.row.classList.remove("is-held");
  if (rows()[held.was.indexOf(number(held.row).value)] !== held.row) moved(held.row, held.was);
  held = null;
});
