// Counting a drawer: pieces come to cash, what is counted to a difference. Enter goes on to the next field and
// from the last one closes.

import { tidy } from "./amount.js";

const form = () => document.querySelector("form[data-count]");
const shown = (cents) => {
  const text = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
};
const centsOf = (text) => {
  const typed = tidy(text);
  return typed === null ? null : Math.round(Number(typed.replaceAll(",", "")) * 100);
};
const pieces = (of) => [...of.querySelectorAll("[data-piece]")];

function countPieces(of) {
  let sum = 0;
  let any = false;
  for (const field of pieces(of)) {
    const n = /^\d+$/.test(field.value.trim()) ? Number(field.value) : 0;
    const worth = n * Math.round(Number(field.dataset.piece) * 100);
    field.parentElement.querySelector("[data-piece-sum]").value = n ? shown(worth) : "–";
    any ||= field.value.trim() !== "";
    sum += worth;
  }
  return any ? sum : null;
}

function count(of) {
  let all = 0;
  for (const line of of.querySelectorAll("[data-tender]")) {
    const cents = centsOf(line.querySelector("input").value);
    all += cents ?? 0;
    const place = line.querySelector("[data-difference]");
    if (!place) continue;
    const difference = cents === null ? null : cents - centsOf(line.dataset.expected);
    place.value = difference === null ? "–" : shown(difference);
    place.classList.toggle("is-missing", Boolean(difference));
    line.querySelector("[data-difference-label]").textContent = !difference ? "Difference" : difference > 0 ? "Over" : "Short";
  }
  of.querySelector("[data-counted]").value = shown(all);
}

document.addEventListener("input", (event) => {
  const of = form();
  if (!of || event.target.form !== of) return;
  if ("piece" in event.target.dataset) {
    const sum = countPieces(of);
    of.elements.counted_cash.value = sum === null ? "" : shown(sum);
  }
  count(of);
});

document.addEventListener("keydown", (event) => {
  const of = form();
  if (!of || event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input")) return;
  const way = [...pieces(of), ...of.querySelectorAll("[data-tender] input")];
  const at = way.indexOf(event.target);
  if (at < 0 || at === way.length - 1) return;
  event.preventDefault();
  way[at + 1].focus();
});

function recount() {
  const of = form();
  if (!of) return;
  countPieces(of);
  count(of);
}

new MutationObserver(recount).observe(document.querySelector("main"), { childList: true });
recount();
