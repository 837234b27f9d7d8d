// Exchanges a fragment for its newer self. Without this script the page shows what it was loaded with.
// <div data-live="URL" data-live-every="45">…</div> and, once on the page, [data-live-note] for words about it.
(() => {
  "use strict";
  const place = document.querySelector("[data-live]");
  if (!place || !window.fetch) return;
  const note = document.querySelector("[data-live-note]");
  const every = Math.max(30, Number(place.dataset.liveEvery) || 45) * 1000;
  let tag = null;

  const say = (failed) => {
    if (!note) return;
    note.hidden = false;
    if (failed) { note.textContent = note.dataset.failed; note.setAttribute("role", "status"); }
  };

  const look = async () => {
    // Nobody looks at a hidden page, and nothing is pulled away from under a focus or an open list.
    if (document.hidden || place.contains(document.activeElement)) return;
    try {
      const answer = await fetch(place.dataset.live, {
        credentials: "same-origin", cache: "no-store", headers: tag ? { "If-None-Match": tag } : {},
      });
      if (answer.status === 304) return;
      if (!answer.ok || answer.redirected) { say(true); return; }
      const open = [...place.querySelectorAll("details")].map((part) => part.open);
      place.innerHTML = await answer.text();
      place.querySelectorAll("details").forEach((part, index) => { part.open = Boolean(open[index]); });
      tag = answer.headers.get("ETag");
    } catch (problem) {
      say(true);
    }
  };

  say(false);
  window.setInterval(look, every);
  document.addEventListener("visibilitychange", look);
})();
