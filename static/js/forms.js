// Forms that post once. The server put an idempotency key into the form when it opened; a second Enter
// is ignored here and would be answered with the first effect there. When no answer comes, the screen
// asks the server what happened and says it. What was typed stays in the form throughout.

const WAIT = 20000;
const ASK_EVERY = 1500;
const ASK_TIMES = 8;

const busy = (form, on) => {
  form.toggleAttribute("data-sending", on);
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    button.setAttribute("aria-busy", String(on));
    button.setAttribute("aria-disabled", String(on));
  }
};

function tell(form, text, tone, link) {
  const place = form.querySelector(".form-outcome");
  if (!place) return;
  const note = document.createElement("div");
  note.className = `notice tone-${tone}`;
  const words = document.createElement("p");
  words.textContent = text;
  if (link) {
    const open = document.createElement("a");
    open.href = link;
    open.textContent = "Open it";
    words.append(" ", open);
  }
  note.append(words);
  place.replaceChildren(note);
}

const address = () => location.pathname + location.search;
let here = address();

// The answer is already here: it is put in place rather than asked for a second time, which would also
// lose the messages it carries.
function show(form, html, url, moved) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  if (!fresh.querySelector(".frame main")) {
    if (moved) return location.assign(url);
    const words = [fresh.querySelector("h1"), fresh.querySelector(".lead")].map((e) => e?.textContent.trim());
    return tell(form, words.filter(Boolean).join(". ") || "The server refused this. Nothing was posted.", "bad");
  }
  if (moved) history.pushState(null, "", url);
  here = address();
  document.title = fresh.title;
  for (const part of [".frame-top", "#side", "main", "#toasts"]) {
    const old = document.querySelector(part);
    old?.replaceChildren(...(fresh.querySelector(part)?.childNodes ?? []));
  }
  for (const look of fresh.querySelectorAll("head link[rel=stylesheet]")) {
    const href = look.getAttribute("href");
    if (!document.head.querySelector(`link[href="${href}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
  for (const script of fresh.querySelectorAll("head script[src]")) {
    const src = script.getAttribute("src");
    if (!document.head.querySelector(`script[src="${src}"]`)) {
      document.head.append(Object.assign(document.createElement("script"), { type: script.type, src }));
    }
  }
  if ("scan" in fresh.body.dataset) document.body.dataset.scan = fresh.body.dataset.scan;
  else delete document.body.dataset.scan;
  const main = document.querySelector("main");
  globalThis.htmx?.process(document.body);
  (main.querySelector(".wrong-summary, [autofocus]") ?? main).focus();
  if (moved) scrollTo(0, 0);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(form) {
  const url = form.dataset.outcome;
  const key = form.elements.idempotency_key?.value;
  if (!url || !key) return tell(form, "No answer came. Look at the record before you try again.", "warn");
  tell(form, "No answer came. Asking what happened…", "info");
  for (let time = 0; time < ASK_TIMES; time += 1) {
    try {
      const answer = await fetch(`${url}?key=${encodeURIComponent(key)}`, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : { state: "working" };
      if (told.state === "done") {
        form.removeAttribute("data-edited");
        return tell(form, told.text || "It was done, once.", "good", told.url);
      }
      if (told.state === "unknown") return tell(form, "It did not reach the server and nothing was posted. Your entries are kept; send again.", "warn");
    } catch {
      // Still no line; ask again.
    }
    await pause(ASK_EVERY);
  }
  tell(form, "The server still does not answer. Your entries are kept; sending again is safe, it cannot post twice.", "bad");
}

async function send(form, button) {
  busy(form, true);
  const body = new FormData(form);
  if (button?.name) body.append(button.name, button.value);
  try {
    const wait = Number(form.dataset.wait) || WAIT;
    const answer = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(wait), headers: { Accept: "text/html" } });
    if ([502, 503, 504].includes(answer.status)) {
      await ask(form);
    } else {
      const html = await answer.text();
      if (answer.ok) form.removeAttribute("data-edited");
      show(form, html, answer.url, answer.redirected);
    }
  } catch {
    await ask(form);
  }
  busy(form, false);
}

export function start() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    event.preventDefault();
    if (!form.hasAttribute("data-sending")) send(form, event.submitter);
  });
  // Enter sends from a choice as from any other field; Space and the arrows are what choose.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!event.target.matches("form[data-once] select")) return;
    event.preventDefault();
    event.target.form.requestSubmit();
  });
  document.addEventListener("input", (event) => event.target.form?.setAttribute("data-edited", ""));
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-once][data-edited]:not([data-sending])")) event.preventDefault();
  });
  document.addEventListener("reset", (event) => event.target.removeAttribute("data-edited"));
  addEventListener("popstate", (event) => {
    if (!event.state?.htmx && address() !== here) location.reload();
  });
  document.querySelector(".wrong-summary")?.focus();
}
