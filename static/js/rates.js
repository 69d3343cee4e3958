// The editor of a rate: rows that grow as one types, clauses that move, and a trial bill that follows.
// Clauses are shaped by the server, which is sent all fields and keeps nothing; the trial is asked for after
// a pause in typing. Everything goes on working by keys alone.

import { say } from "./typing.js";

const PAUSE = 250;
const form = () => document.getElementById("editor");
let pausing = 0;
let asked = 0;
let reshaping = null;

const fieldsOf = (editor, extra = {}) => {
  const body = new FormData(editor);
  for (const [name, text] of Object.entries(extra)) body.set(name, text);
  return body;
};

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request": "true", Accept: "text/html" } });
  const fresh = parsed(await answer.text());
  if (answer.redirected) throw new Error("You are signed out. Sign in again in another window; what you typed is still here.");
  if (!answer.ok) {
    const words = fresh.querySelector("main .notice p, .lead, h1")?.textContent.replace(/\s+/g, " ").trim();
    throw new Error(words || "The server refused this.");
  }
  return fresh;
}

// The trial bill.

function mark(beside) {
  for (const field of document.querySelectorAll("#sheet [data-told]")) {
    field.removeAttribute("data-told");
    field.removeAttribute("aria-invalid");
    if (field.title && field.dataset.toldTitle) field.removeAttribute("title");
  }
  for (const line of beside.querySelectorAll("[data-at]")) {
    const field = line.dataset.at && document.getElementById(line.dataset.at);
    if (!field?.closest("#sheet")) continue;
    field.setAttribute("data-told", line.classList.contains("tone-bad") ? "bad" : "warn");
    if (line.classList.contains("tone-bad")) field.setAttribute("aria-invalid", "true");
    field.title = line.textContent.trim();
    field.dataset.toldTitle = "yes";
  }
}

function place(fresh) {
  const beside = fresh.getElementById("beside");
  if (!beside) return;
  document.getElementById("beside")?.replaceWith(beside);
  const anew = fresh.getElementById("trial-asked");
  const old = document.getElementById("trial-asked");
  if (anew && old) {
    const held = document.activeElement?.id;
    for (const field of anew.querySelectorAll("input, select")) {
      const had = old.querySelector(`[name="${field.name}"]`);
      if (had && field.type !== "hidden" && field.tagName !== "SELECT") field.value = had.value;
    }
    old.replaceWith(anew);
    if (held && anew.querySelector(`[id="${held}"]`)) document.getElementById(held).focus();
  }
  mark(beside);
}

async function tryIt() {
  const editor = form();
  if (!editor) return;
  asked += 1;
  const mine = asked;
  try {
    const fresh = await post(editor.dataset.try, fieldsOf(editor));
    if (mine === asked) place(fresh);
  } catch {
    if (mine === asked) document.getElementById("beside")?.setAttribute("data-late", "");
  }
}

const trySoon = () => {
  clearTimeout(pausing);
  pausing = setTimeout(tryIt, PAUSE);
};

// The clauses.

function focusIn(sheet) {
  const here = sheet.querySelector("[data-focus-here]");
  if (!here) return;
  const fold = here.closest("details");
  if (fold) fold.open = true;
  here.focus();
  here.select?.();
  here.closest(".clause")?.scrollIntoView({ block: "nearest" });
}

function keepOpen(old, fresh) {
  const open = [...old.querySelectorAll("details[open] > summary")].map((s) => folded(s));
  for (const summary of fresh.querySelectorAll("details > summary")) {
    if (open.includes(folded(summary))) summary.parentElement.open = true;
  }
}

const folded = (summary) => {
  const id = summary.closest(".clause")?.querySelector("input[name$='.id']")?.value ?? "";
  return `${id}|${summary.firstChild?.textContent.trim()}`;
};

// What was removed comes back as it was, until something else is typed or shaped.
function takeBack(old, gone) {
  document.getElementById("taken-out")?.remove();
  if (!old) return;
  const line = document.createElement("p");
  line.id = "taken-out";
  line.className = "taken-out";
  line.setAttribute("role", "status");
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-s", textContent: "Undo" });
  undo.addEventListener("click", () => {
    document.getElementById("sheet").replaceWith(old);
    line.remove();
    old.querySelector(".clause-text input, .clause input")?.focus();
    tryIt();
  });
  line.append(`“${gone || "A charge"}” is removed. `, undo);
  document.querySelector(".editor-foot").prepend(line);
}

async function reshape(act) {
  const editor = form();
  if (!editor || reshaping) return;
  reshaping = act;
  const held = document.activeElement?.id;
  editor.setAttribute("aria-busy", "true");
  try {
    const fresh = await post(editor.dataset.sheet, fieldsOf(editor, { act }));
    const sheet = fresh.getElementById("sheet");
    const old = document.getElementById("sheet");
    keepOpen(old, sheet);
    const gone = act.startsWith("drop ") ? old.querySelector(`#clause-${act.slice(5)} input`)?.value : null;
    old.replaceWith(sheet);
    if (gone === null || gone === undefined) takeBack(null);
    else takeBack(old, gone);
    editor.setAttribute("data-edited", "");
    if (sheet.querySelector("[data-focus-here]")) focusIn(sheet);
    else document.getElementById(held)?.focus();
    tryIt();
  } catch (problem) {
    const silent = problem instanceof TypeError;
    say(silent ? "The server did not answer. What you typed is still here; try it again." : problem.message, "bad");
  }
  reshaping = null;
  editor.removeAttribute("aria-busy");
}

// Rows that grow.

const rowsOf = (grid) => [...grid.tBodies[0].rows];
const isEmpty = (row) => [...row.querySelectorAll("input")].every((field) => !field.value.trim());

function renumber(row, by) {
  for (const field of row.querySelectorAll("input")) {
    const name = field.name.replace(/\.(\d+)\.(up_to|price|amount|keys\.\d+|one|cells\.\d+|name|from)$/, (_, n, rest) => `.${Number(n) + by}.${rest}`);
    field.name = field.id = name;
    field.value = "";
    for (const told of ["data-told", "aria-invalid", "aria-describedby", "title", "data-focus-here"]) field.removeAttribute(told);
  }
  for (const told of row.querySelectorAll(".field-error")) told.remove();
  return row;
}

function grow(grid) {
  const last = rowsOf(grid).at(-1);
  if (!last || isEmpty(last)) return last;
  // After the block without a limit there is no other one.
  if (grid.hasAttribute("data-limits") && !last.querySelector("input").value.trim()) return last;
  const fresh = renumber(last.cloneNode(true), 1);
  last.after(fresh);
  return fresh;
}

function begin(grid) {
  if (!grid.hasAttribute("data-limits")) return;
  const rows = rowsOf(grid);
  let before = "";
  for (const [n, row] of rows.entries()) {
    const limit = row.querySelector("input").value.trim();
    const price = row.querySelectorAll("input")[1].value.trim();
    const words = row.querySelector("[data-begins]");
    if (before) words.textContent = limit || price ? (limit ? `over ${before} to` : `over ${before}`) : `over ${before}`;
    else words.textContent = limit || !price || n < rows.length - 1 ? "the first" : "all";
    before = limit || before;
  }
}

const begins = () => document.querySelectorAll("#sheet [data-limits]").forEach(begin);

function column(field) {
  const row = field.closest("tr");
  return [...row.querySelectorAll("input")].indexOf(field);
}

// Enter goes to the same column of the next line, else to the next field.
function forward(field) {
  const grid = field.closest("[data-grid]");
  if (grid && field.closest("tbody")) {
    const rows = rowsOf(grid);
    const next = rows[rows.indexOf(field.closest("tr")) + 1] ?? grow(grid);
    const target = next?.querySelectorAll("input")[column(field)];
    if (target && target !== field) {
      target.focus();
      target.select?.();
      return;
    }
  }
  const all = [...form().querySelectorAll("input:not([type=hidden]), select, textarea, button[type=submit]")].filter((e) => e.getClientRects().length);
  const next = all[all.indexOf(field) + 1];
  next?.focus();
  next?.select?.();
}

// A table copied from a page or a spreadsheet is laid into the lines from here on.
function pasted(event) {
  const field = event.target;
  const grid = field.closest?.("[data-grid]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!grid || !field.closest("tbody") || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const lines = text.replace(/\r/g, "").split("\n").filter((line) => line.trim());
  const first = column(field);
  let row = field.closest("tr");
  for (const line of lines) {
    const cells = line.includes("\t") ? line.split("\t") : line.trim().split(/\s{2,}/);
    const fields = [...row.querySelectorAll("input")];
    cells.forEach((cell, n) => {
      if (fields[first + n]) fields[first + n].value = cell.trim().replace(/["″]$/, "");
    });
    const rows = rowsOf(grid);
    row = rows[rows.indexOf(row) + 1] ?? grow(grid);
  }
  grow(grid);
  begin(grid);
  form().setAttribute("data-edited", "");
  trySoon();
}

function onKey(event) {
  const field = event.target;
  if (!field.closest?.("#editor")) return;
  const clause = field.closest(".clause");
  if (event.altKey && clause && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    clause.querySelector(`[data-move=${event.key === "ArrowUp" ? "up" : "down"}]:not(:disabled)`)?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typed = field.matches("input:not([type=checkbox], [type=date]), select");
  if (event.key === "Enter" && typed && !event.isComposing) {
    // Enter is not “save” here: a table has many fields.
    event.preventDefault();
    event.stopPropagation();
    forward(field);
  } else if (["ArrowDown", "ArrowUp"].includes(event.key) && field.matches("input:not([list])") && field.closest("[data-grid] tbody")) {
    const rows = rowsOf(field.closest("[data-grid]"));
    const next = rows[rows.indexOf(field.closest("tr")) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.querySelectorAll("input")[column(field)]?.focus();
  }
}

function onInput(event) {
  if (!event.target.closest?.("#editor")) return;
  if (event.target.closest("#sheet")) takeBack(null);
  const grid = event.target.closest("[data-grid]");
  if (grid && event.target.closest("tbody")) {
    grow(grid);
    begin(grid);
  }
  trySoon();
}

function onClick(event) {
  const button = event.target.closest?.("#editor button");
  if (!button) return;
  if (button.dataset.act) reshape(button.dataset.act);
  if ("dropRow" in button.dataset) {
    const row = button.closest("tr");
    const grid = row.closest("[data-grid]");
    if (rowsOf(grid).length > 1) row.remove();
    else for (const field of row.querySelectorAll("input")) field.value = "";
    grow(grid);
    begin(grid);
    form().setAttribute("data-edited", "");
    trySoon();
  }
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("input", onInput);
document.addEventListener("click", onClick);
document.addEventListener("paste", pasted);
document.addEventListener("change", (event) => {
  const chosen = event.target.closest?.("#editor select[data-act]");
  if (chosen) reshape(chosen.dataset.act);
});
begins();
