// Rows under the hand: arrows walk, Enter opens, Space selects. One row is in the tab order at a time.

const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.hasAttribute("tabindex"));

function stand(row) {
  for (const other of rowsOf(row.closest("table"))) other.tabIndex = other === row ? 0 : -1;
  row.focus();
  row.scrollIntoView({ block: "nearest" });
}

function count(table) {
  const box = table.closest("[data-list]");
  const chosen = table.querySelectorAll("tbody input[name=selected]:checked").length;
  for (const place of box?.querySelectorAll("[data-chosen]") ?? []) place.textContent = String(chosen);
  for (const part of box?.querySelectorAll("[data-when-chosen]") ?? []) part.hidden = chosen === 0;
}

function choose(row, on) {
  const box = row.querySelector("input[name=selected]");
  if (!box) return;
  box.checked = on ?? !box.checked;
  row.setAttribute("aria-selected", String(box.checked));
  count(row.closest("table"));
}

function onKey(event) {
  const row = event.target;
  if (!(row instanceof HTMLTableRowElement) || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = rowsOf(row.closest("table"));
  const here = rows.indexOf(row);
  const places = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 };
  if (event.key in places) {
    const next = rows[places[event.key]];
    if (next) stand(next);
  } else if (event.key === "Enter" && row.dataset.href) {
    location.assign(row.dataset.href);
  } else if (event.key === " ") {
    choose(row);
  } else {
    return;
  }
  event.preventDefault();
}

function onClick(event) {
  const row = event.target.closest?.("tr[tabindex]");
  if (!row || event.target.closest("a, button, input, label, summary")) return;
  if (getSelection().toString()) return;
  stand(row);
  if (row.dataset.href && event.detail === 2) location.assign(row.dataset.href);
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches?.("input[name=selected]")) choose(box.closest("tr"), box.checked);
    if (box.matches?.("input[data-choose-all]")) {
      for (const row of rowsOf(box.closest("table"))) choose(row, box.checked);
    }
    if (box.matches?.("[data-submit-on-change]")) box.form.requestSubmit();
  });
  document.addEventListener("keydown", (event) => {
    // From the page itself, also where a form has just led to it, the down arrow steps into the list; from a
    // part of it that a key led to, into the list there.
    if (event.key !== "ArrowDown" || !event.target.matches("body, main, [data-place]")) return;
    const first = event.target.querySelector("table tr[tabindex='0']");
    if (first) {
      event.preventDefault();
      stand(first);
    }
  });
}
