// Readings typed in walking order. Enter sends the line by itself and goes on when it is kept; what is asked
// about it stands beside it, and a second Enter keeps it. What is typed ahead while an answer is on its way
// goes to the next line. A line that did not reach the server is sent again under the same key, so that it
// can be kept only once.

const RETRY = 3000;
const waiting = new Map();
let ahead = null;

const round = () => document.querySelector("form[data-round]");
const lines = (form) => [...form.querySelectorAll("tr[data-line]")];
const dial = (row) => row.querySelector("input[name=dial]");
// The browser has randomUUID only where the line is encrypted.
const freshKey = () =>
  crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");
const tidy = (text) => text.replaceAll(",", "").trim();

function put(row, kind, words, answers = []) {
  const place = row.querySelector(".round-outcome");
  place.replaceChildren(document.getElementById(`round-${kind}`).content.cloneNode(true));
  place.querySelector("[data-words]").textContent = words;
  for (const { key, text, act } of answers) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-s";
    button.append(text);
    const cap = document.createElement("kbd");
    cap.setAttribute("aria-hidden", "true");
    cap.textContent = key;
    button.append(cap);
    button.addEventListener("click", act);
    place.querySelector(".round-answers").append(button);
  }
}

function say(form, text) {
  form.querySelector("[data-round-said]").textContent = text;
}

function go(row, way) {
  const all = lines(row.closest("form"));
  const next = all[all.indexOf(row) + way];
  if (next) dial(next).select();
  return next;
}

function nextLeft(form, from) {
  const all = lines(form);
  const start = from ? all.indexOf(from) + 1 : 0;
  const found = [...all.slice(start), ...all.slice(0, start)].find((row) => !row.dataset.state);
  if (found) dial(found).select();
  else say(form, "Every line is read.");
}

function count(row) {
  if (row.dataset.state === "read") return;
  row.dataset.state = "read";
  const place = document.querySelector("[data-round-read]");
  if (place) place.textContent = String(Number(place.textContent) + 1);
}

const words = (remarks) => remarks.map((r) => `${r.problem} ${r.remedy}`).join(" ");

function kept(row, answer) {
  dial(row).dataset.kept = dial(row).value;
  delete row.dataset.asks;
  count(row);
  const lower = answer.use?.startsWith("-") ? ", kept lower" : "";
  const use = answer.use === null ? "Kept" : `${answer.use} ${answer.unit}${answer.rolled_over ? ", passed zero" : lower}`;
  put(row, lower ? "lower" : "good", answer.state === "there" ? "It is there already" : use);
  const address = row.closest("form").dataset.correct;
  if (!address || !answer.reading_id) return;
  const link = Object.assign(document.createElement("a"), { href: address.replace("/0/", `/${answer.reading_id}/`), textContent: "Correct" });
  row.querySelector(".round-outcome").append(" ", link);
}

function ask(row, answer) {
  const codes = answer.remarks.filter((r) => r.level === "ask").map((r) => r.code);
  row.dataset.asks = codes.join(" ");
  const both = codes.includes("lower")
    ? [
        { key: "z", text: "It passed zero", act: () => send(row, { rolled_over: "yes" }) },
        { key: "k", text: "Keep it lower", act: () => send(row, { rolled_over: "no" }) },
      ]
    : [{ key: "Enter", text: "Keep it", act: () => send(row, { sure: codes }) }];
  put(row, "question", words(answer.remarks), both);
}

function changed(row, answer) {
  row.dataset.seen = String(answer.last?.id ?? 0);
  const now = answer.last ? `${answer.last.dial} of ${answer.last.on} was entered meanwhile.` : "Its last reading was taken out meanwhile.";
  put(row, "bad", `${now} Enter keeps yours after it.`);
}

function settle(row, answer) {
  row.removeAttribute("data-sending");
  dial(row).readOnly = false;
  const typed = ahead ?? "";
  ahead = null;
  if (answer.state === "taken" || answer.state === "there") {
    kept(row, answer);
    const next = document.activeElement === dial(row) ? go(row, 1) : null;
    if (next && typed) type(next, typed);
    return;
  }
  if (answer.state === "asks") ask(row, answer);
  else if (answer.state === "changed") changed(row, answer);
  else put(row, "bad", answer.remarks ? words(answer.remarks) : `${answer.problem ?? "The server refused it."} ${answer.remedy ?? ""}`);
  dial(row).select();
}

// What was typed ahead: digits up to the next Enter belong to this line.
function type(row, text) {
  const [mine, ...rest] = text.split("\n");
  dial(row).value = mine;
  if (!rest.length) return;
  ahead = rest.join("\n");
  send(row, {}, true);
}

function body(form, row, answers) {
  const sent = new FormData();
  sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  sent.set("idempotency_key", freshKey());
  sent.set("register_id", row.dataset.line);
  sent.set("on", form.dataset.on);
  sent.set("dial", tidy(dial(row).value));
  sent.set("seen", row.dataset.seen);
  sent.set("source", form.elements.source.value);
  sent.set("rolled_over", answers.rolled_over ?? row.dataset.rolled ?? "");
  for (const code of answers.sure ?? []) sent.append("sure", code);
  return sent;
}

async function send(row, answers, keepAhead = false) {
  const form = row.closest("form");
  if (row.hasAttribute("data-sending") || !tidy(dial(row).value)) return;
  if (answers.rolled_over) row.dataset.rolled = answers.rolled_over;
  row.setAttribute("data-sending", "");
  dial(row).readOnly = true;
  if (!keepAhead) ahead = null;
  await deliver(form, row, body(form, row, answers));
}

async function deliver(form, row, sent) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, headers: { Accept: "application/json" } });
    if ([502, 503, 504].includes(answer.status)) throw new Error("no answer");
    waiting.delete(row);
    say(form, waiting.size ? `${waiting.size} not sent yet` : "");
    const told = answer.headers.get("Content-Type")?.includes("json")
      ? await answer.json()
      : { problem: answer.redirected ? "You are signed out." : "The server refused it.", remedy: "Reload the page; what was kept is there." };
    settle(row, told);
  } catch {
    waiting.set(row, sent);
    put(row, "bad", "Not sent yet; it is tried again.");
    say(form, `${waiting.size} not sent yet`);
    setTimeout(() => deliver(form, row, sent), RETRY);
  }
}

function enter(row) {
  const field = dial(row);
  const text = tidy(field.value);
  if (!text || text === field.dataset.kept) return go(row, 1);
  const asks = (row.dataset.asks ?? "").split(" ").filter(Boolean);
  if (asks.includes("lower")) return say(row.closest("form"), "Say which: z passed zero, k keep it lower.");
  return send(row, { sure: asks });
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  const row = field.matches?.("form[data-round] input[name=dial]") ? field.closest("tr") : null;
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key;
  if (row.hasAttribute("data-sending")) {
    if (/^[0-9.]$/.test(key) || key === "Enter") ahead = (ahead ?? "") + (key === "Enter" ? "\n" : key);
    if (key === "Backspace" && ahead) ahead = ahead.slice(0, -1);
    if (key !== "Tab") event.preventDefault();
    return;
  }
  const asks = (row.dataset.asks ?? "").split(" ");
  if (key === "Enter") enter(row);
  else if (key === "ArrowDown") go(row, 1);
  else if (key === "ArrowUp") go(row, -1);
  else if (key === "n") nextLeft(row.closest("form"), row);
  else if (asks.includes("lower") && key === "z") send(row, { rolled_over: "yes" });
  else if (asks.includes("lower") && key === "k") send(row, { rolled_over: "no" });
  else return;
  event.preventDefault();
});

// Another figure is judged anew.
document.addEventListener("input", (event) => {
  if (!event.target.matches("form[data-round] input[name=dial]")) return;
  const row = event.target.closest("tr");
  delete row.dataset.asks;
  delete row.dataset.rolled;
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-round]")) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const form = event.target.closest("[data-round-next]") && round();
  if (form) nextLeft(form, null);
});

addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});

const first = round();
if (first && document.activeElement === document.body) nextLeft(first, null);
