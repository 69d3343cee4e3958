// The till under the hand: Enter goes from the amount to what was handed over, and from there posts.
// The change is counted in whole cents while it is typed; the server counts it again when it posts.

import { tidy } from "./amount.js";

const till = () => document.querySelector("form[data-till]");

function cents(field) {
  const typed = tidy(field.value);
  return typed === null ? null : Math.round(Number(typed.replaceAll(",", "")) * 100);
}

function shown(amount) {
  const text = String(Math.abs(amount)).padStart(3, "0");
  return `${text.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",")}.${text.slice(-2)}`;
}

function count(form) {
  const owed = cents(form.elements.amount);
  const given = cents(form.elements.tender);
  const place = form.querySelector("[data-change]");
  const label = form.querySelector("[data-change-label]");
  if (!place || owed === null || given === null) return;
  const left = given - owed;
  label.textContent = left < 0 ? "Still missing" : "Change";
  place.value = shown(left);
  place.classList.toggle("is-missing", left < 0);
}

function give(form, amount) {
  form.elements.tender.value = amount;
  form.elements.tender.dataset.touched = "";
  form.elements.kind.value = "cash";
  form.elements.tender.focus();
  count(form);
}

document.addEventListener("input", (event) => {
  const form = till();
  if (!form || event.target.form !== form) return;
  const { amount, tender } = form.elements;
  if (event.target === tender) tender.dataset.touched = "";
  if (event.target === amount && !("touched" in tender.dataset)) tender.value = amount.value;
  count(form);
});

document.addEventListener("click", (event) => {
  const form = till();
  if (!form) return;
  const cash = event.target.closest("[data-cash]");
  if (cash) give(form, cash.dataset.cash);
  if (event.target.closest("[data-exact]")) give(form, form.elements.amount.value);
});

document.addEventListener("keydown", (event) => {
  const form = till();
  if (!form || event.key !== "Enter" || event.target !== form.elements.amount) return;
  event.preventDefault();
  form.elements.tender.focus();
});

// A form that came back with something to put right is counted anew.
function recount() {
  const form = till();
  if (form) count(form);
}

new MutationObserver(recount).observe(document.querySelector("main"), { childList: true });
recount();
