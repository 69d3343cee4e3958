// The till under the hand: Enter goes from field to field and from the last tender posts. The change is
// counted in whole cents while it is typed; the server counts it again when it posts. Another account, another
// tender or laying by hand opens the same receipt at a new address, with everything typed in it.

import { tidy } from "./amount.js";
import { unknown } from "./scan.js";
import { say } from "./typing.js";

const till = () => document.querySelector("form[data-till]");
const nth = (name, n) => (Number(n) === 1 ? name : `${name}_${n}`);
const like = (form, name) => [...form.elements].filter((e) => new RegExp(`^${name}(_\\d+)?$`).test(e.name) && e.type !== "radio");
const splits = (form) => [...form.elements].filter((e) => e.name.startsWith("split_"));

function cents(field) {
  const typed = tidy(field.value);
  return typed === null ? null : Math.round(Number(typed.replaceAll(",", "")) * 100);
}

function shown(amount) {
  const text = String(Math.abs(amount)).padStart(3, "0");
  return `${amount < 0 ? "-" : ""}${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
}

const sum = (fields) => fields.reduce((all, field) => all + (cents(field) ?? 0), 0);

function count(form) {
  const wanted = sum(like(form, "amount"));
  const given = sum(like(form, "tender"));
  const together = form.querySelector("[data-wanted]");
  if (together) together.textContent = shown(wanted);
  const place = form.querySelector("[data-change]");
  const left = given - wanted;
  form.querySelector("[data-change-label]").textContent = left < 0 ? "Still missing" : "Change";
  place.value = shown(Math.abs(left));
  place.classList.toggle("is-missing", left < 0);
  for (const table of document.querySelectorAll("[data-split-table]")) countSplit(form, table);
}

function countSplit(form, table) {
  const n = table.dataset.splitTable;
  const laid = sum(splits(form).filter((field) => field.dataset.split === n));
  const rest = (cents(form.elements[nth("amount", n)]) ?? 0) - laid;
  table.querySelector("[data-split-sum]").textContent = shown(laid);
  const row = table.querySelector("[data-split-rest]");
  row.querySelector("output").value = shown(Math.abs(rest));
  row.querySelector("th").textContent = rest < 0 ? "Too much laid" : "Still to lay";
  row.classList.toggle("is-missing", rest !== 0);
}

function give(form, amount) {
  form.elements.tender.value = amount;
  form.elements.tender.dataset.touched = "";
  form.elements.kind.value = "cash";
  form.elements.tender.focus();
  count(form);
}

// What stands on the till, as the query of its address. A single tender nobody touched follows the amounts.
function typed(form) {
  const query = new URLSearchParams();
  const tenders = like(form, "tender");
  for (const [name, value] of new FormData(form)) {
    if (["csrfmiddlewaretoken", "idempotency_key"].includes(name) || value === "") continue;
    if (name === "tender" && tenders.length === 1 && !("touched" in tenders[0].dataset)) continue;
    query.set(name, value);
  }
  return query;
}

function open(form, query) {
  form.removeAttribute("data-edited");
  location.assign(`${form.getAttribute("action")}?${query}`);
}

function addTender(form) {
  const query = typed(form);
  for (const field of like(form, "tender")) query.set(field.name, field.value);
  query.set("more", "tender");
  query.set("focus", nth("tender", like(form, "tender").length + 1));
  open(form, query);
}

function drop(form, names, n) {
  const query = typed(form);
  for (const name of names.split(" ")) query.delete(nth(name, n));
  for (const name of [...query.keys()]) if (name.startsWith("split_")) query.delete(name);
  open(form, query);
}

function byHand(form, n) {
  const query = typed(form);
  const hand = form.elements[nth("hand", n)];
  for (const name of [...query.keys()]) if (name.startsWith(`split_${n}_`)) query.delete(name);
  if (hand.value) query.delete(hand.name);
  else query.set(hand.name, "1");
  query.set("focus", hand.value ? nth("amount", n) : splitFocus(n));
  open(form, query);
}

const splitFocus = (n) => `split_${n}`;

function addAccount(form, found) {
  const accounts = like(form, "account");
  if (accounts.some((field) => field.value === found.account)) {
    say(`Account ${found.account} is on this receipt already.`, "warn");
    return;
  }
  const query = typed(form);
  const n = accounts.length + 1;
  query.set(nth("account", n), found.account);
  if (found.amount) query.set(nth("amount", n), found.amount);
  query.set("focus", nth("amount", n));
  open(form, query);
}

// While a receipt is being made, a scanned bill is another account of it.
document.addEventListener("curbstop:scan", async (event) => {
  const form = till();
  if (!form) return;
  event.preventDefault();
  const { code } = event.detail;
  const answer = await fetch(`${document.body.dataset.scan}?code=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } }).catch(() => null);
  const found = answer?.ok ? await answer.json() : {};
  if (found.account) addAccount(form, found);
  else if (found.url) location.assign(found.url);
  else unknown(code);
});

document.addEventListener("input", (event) => {
  const form = till();
  if (!form || event.target.form !== form) return;
  const tenders = like(form, "tender");
  if (tenders.includes(event.target)) event.target.dataset.touched = "";
  if (like(form, "amount").includes(event.target) && tenders.length === 1 && !("touched" in tenders[0].dataset)) {
    tenders[0].value = shown(sum(like(form, "amount")));
  }
  count(form);
});

document.addEventListener("click", (event) => {
  const form = till();
  const button = form && event.target.closest("button");
  if (!button) return;
  if ("cash" in button.dataset) give(form, button.dataset.cash);
  if ("exact" in button.dataset) give(form, shown(sum(like(form, "amount"))));
  if ("tillMore" in button.dataset) addTender(form);
  if ("tillDrop" in button.dataset) drop(form, button.dataset.tillDrop, button.dataset.n);
  if ("tillHand" in button.dataset) byHand(form, button.dataset.tillHand);
});

// Enter: through the amounts, then the parts laid by hand, then the tenders; from the last one it posts.
document.addEventListener("keydown", (event) => {
  const form = till();
  if (!form || event.key !== "Enter" || event.defaultPrevented) return;
  const way = [...like(form, "amount"), ...splits(form), ...like(form, "tender")];
  const at = way.indexOf(event.target);
  if (at < 0 || at === way.length - 1) return;
  event.preventDefault();
  way[at + 1].focus();
});

// Typed into the scan box while a receipt is being made: another account of it.
document.addEventListener("submit", (event) => {
  const form = till();
  if (form && event.target.matches(".till-scan")) {
    event.preventDefault();
    const query = typed(form);
    query.set("q", event.target.elements.q.value);
    form.removeAttribute("data-edited");
    location.assign(`${event.target.getAttribute("action")}?${query}`);
  }
  if (form && event.target.matches("form[data-lock]")) {
    event.target.elements.next.value = `${form.getAttribute("action")}?${typed(form)}`;
  }
});

// A form that opens, or came back with something to put right, is counted; a tender that differs was typed.
function recount() {
  const form = till();
  if (!form) return;
  const tenders = like(form, "tender");
  if (tenders.length > 1 || sum(tenders) !== sum(like(form, "amount"))) {
    for (const field of tenders) field.dataset.touched = "";
  }
  count(form);
}

new MutationObserver(recount).observe(document.querySelector("main"), { childList: true });
recount();
