// The keyboard. A key is declared where it acts: data-key on a button or link, data-go for "g, then a
// letter". The help dialog lists what the page has, so it cannot be out of date.

import { isTyping } from "./typing.js";

const GO_WAIT = 1500;
const SCAN_WAIT = 100;
let going = 0;
let soon = 0;

const shown = (element) => element.getClientRects().length > 0 && !element.disabled;

// Where several parts of a page have the same key, it is that of the part the focus is in, else the first.
function byAttribute(name, key) {
  const found = [...document.querySelectorAll(`[${name}]`)].filter((e) => e.getAttribute(name) === key && shown(e));
  const here = document.activeElement?.closest("[data-keys]");
  return found.find((e) => here?.contains(e)) ?? found[0];
}

function setGoing(on) {
  clearTimeout(going);
  going = on ? setTimeout(() => setGoing(false), GO_WAIT) : 0;
  document.body.classList.toggle("going", on);
}

function focusSearch() {
  const box = document.getElementById("find");
  if (!box) return false;
  box.focus();
  box.select();
  return true;
}

function line(list, words, keys) {
  const term = document.createElement("dt");
  term.textContent = words;
  const given = document.createElement("dd");
  for (const key of keys) {
    const cap = document.createElement("kbd");
    cap.textContent = key;
    given.append(cap, " ");
  }
  list.append(term, given);
}

const label = (element) => (element.dataset.keyLabel || element.getAttribute("aria-label") || element.innerText || "").split("\n")[0].trim();

function fill(listId, attribute, keys) {
  const list = document.getElementById(listId);
  if (!list) return;
  list.replaceChildren();
  const seen = new Set();
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    const key = element.getAttribute(attribute);
    if (seen.has(key) || !shown(element)) continue;
    seen.add(key);
    line(list, label(element), keys(key));
  }
  list.parentElement.hidden = seen.size === 0;
}

export function openHelp() {
  const sheet = document.getElementById("keys-help");
  if (!sheet || sheet.open) return;
  fill("keys-of-page", "data-key", (key) => [key]);
  fill("keys-go", "data-go", (key) => ["g", key]);
  sheet.showModal();
}

function back(event) {
  const menu = document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
    return true;
  }
  if (isTyping(event.target)) {
    // What is typed stays; only the focus goes back to the page.
    event.target.blur();
    return true;
  }
  const up = document.querySelector("[data-back]");
  const edited = document.querySelector("form[data-edited]");
  if (up && !edited) {
    location.assign(up.href);
    return true;
  }
  return false;
}

function press(element) {
  setGoing(false);
  element.focus();
  element.click();
  // What a key unfolds is gone into: the work goes on in its first field.
  const fold = element.matches("summary") && element.parentElement;
  if (fold?.open) fold.querySelector("input:not([type=hidden]), select, textarea")?.focus();
}

function actionOf(key) {
  if (going) {
    const target = byAttribute("data-go", key);
    return target ? () => press(target) : () => setGoing(false);
  }
  if (key === "/") return focusSearch;
  if (key === "?") return openHelp;
  if (key === "g") return () => setGoing(true);
  const target = byAttribute("data-key", key);
  return target && (() => press(target));
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    if (focusSearch()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    setGoing(false);
    if (back(event)) event.preventDefault();
    return;
  }
  clearTimeout(soon);
  if (isTyping(event.target) || event.key.length !== 1) return;
  const act = actionOf(event.key);
  if (!act) return;
  event.preventDefault();
  // Where a scanner is used, a key may be the first of a code: it acts only when no other follows at once.
  if ("scan" in document.body.dataset) soon = setTimeout(act, SCAN_WAIT);
  else act();
}

// A link to a field of the page puts the cursor there; followed as a link it would bring the field to the
// top, under the header that stays.
function intoField(event) {
  const link = event.target.closest('a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field?.matches("input, select, textarea")) return;
  event.preventDefault();
  field.focus();
}

export function start() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    intoField(event);
    if (event.target.closest("[data-keys-help]")) openHelp();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    const nav = event.target.closest("[data-nav-open]");
    if (nav) {
      const open = document.getElementById("side").toggleAttribute("data-open");
      nav.setAttribute("aria-expanded", String(open));
    }
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
