// What is running is asked again each second: an element with data-live names the partial to fetch.
// The partial ends it by leaving data-live out. Nothing is asked while the page is hidden.

async function refresh(place) {
  const url = place.dataset.live;
  if (!url || document.hidden) return;
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true", Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    if (!fresh || !place.isConnected) return;
    const held = document.activeElement?.id;
    place.replaceWith(fresh);
    globalThis.htmx?.process(fresh);
    if (held && !document.activeElement?.id) document.getElementById(held)?.focus();
    const said = document.getElementById("live-said");
    if (said && fresh.dataset.said && said.textContent !== fresh.dataset.said) said.textContent = fresh.dataset.said;
  } catch {
    // The next second asks again.
  }
}

export function start() {
  let working = false;
  setInterval(async () => {
    if (working) return;
    working = true;
    for (const place of document.querySelectorAll("[data-live]")) await refresh(place);
    working = false;
  }, 1000);
}
