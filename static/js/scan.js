// A scanner types faster than a hand and ends with Enter. On a page with data-scan on its body a scan is
// taken wherever the focus is: it never lands in a field and never submits a form. What it was is told as
// the event "curbstop:scan"; unless the page prevents it, the address in data-scan is asked for the code.

import { say } from "./typing.js";

// A code is at least this long, its keys come at most this far apart on average (no hand does that), and a
// longer pause begins a new one. Times in milliseconds.
const SHORTEST = 6;
const AVERAGE = 40;
const PAUSE = 100;
let keys = "";
let first = 0;
let last = 0;
let before = null;

function forget() {
  keys = "";
  before = null;
}

function beep() {
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const loud = sound.createGain();
  tone.frequency.value = 220;
  loud.gain.value = 0.15;
  tone.connect(loud).connect(sound.destination);
  tone.start();
  tone.stop(sound.currentTime + 0.25);
  tone.onended = () => sound.close();
}

export function unknown(code) {
  beep();
  say(`Nothing here has the code “${code}”. Scan again or type the account number.`, "bad");
}

async function look(code) {
  const address = document.body.dataset.scan;
  if (!address) return;
  try {
    const answer = await fetch(`${address}?code=${encodeURIComponent(code)}`, { headers: { Accept: "application/json" } });
    const found = answer.ok ? await answer.json() : {};
    if (found.url) location.assign(found.url);
    else unknown(code);
  } catch {
    beep();
    say("The code was read, but the server does not answer. Scan again in a moment.", "bad");
  }
}

function onKey(event) {
  if (!("scan" in document.body.dataset) || event.ctrlKey || event.metaKey || event.altKey) return;
  const now = event.timeStamp;
  if (event.key === "Enter") {
    const code = keys;
    const fast = now - last <= PAUSE && last - first <= AVERAGE * (code.length - 1);
    const field = before;
    forget();
    if (!fast || code.length < SHORTEST) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (field) field.element.value = field.value;
    const told = new CustomEvent("curbstop:scan", { detail: { code }, bubbles: true, cancelable: true });
    if (document.dispatchEvent(told)) look(code);
    return;
  }
  if (event.key.length !== 1) return;
  if (now - last > PAUSE || !keys) {
    forget();
    first = now;
    const field = event.target;
    if ("value" in field) before = { element: field, value: field.value };
  }
  keys += event.key;
  last = now;
}

export function start() {
  document.addEventListener("keydown", onKey, { capture: true });
}
