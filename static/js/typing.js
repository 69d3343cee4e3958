// Where a key press is text and must be left to the field that has the focus.

const WORDLESS = new Set(["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]);

export function isTyping(target) {
  if (!(target instanceof Element)) return false;
  if (target.isContentEditable) return true;
  const field = target.closest("input, textarea, select");
  if (!field) return false;
  return field.tagName !== "INPUT" || !WORDLESS.has(field.type);
}

export function say(text, tone = "info") {
  const area = document.getElementById("toasts");
  if (!area) return;
  const note = document.createElement("div");
  note.className = `toast-note tone-${tone}`;
  note.setAttribute("role", tone === "bad" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  area.append(note);
  if (tone !== "bad") setTimeout(() => note.remove(), 8000);
}
