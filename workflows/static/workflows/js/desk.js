/* Keyboard shortcuts of the queue and the case screen. Everything works without them; the help is behind "?". */
(() => {
  "use strict";
  const help = document.getElementById("keys");
  const rows = () => [...document.querySelectorAll("[data-case]")];
  const link = (row) => row.querySelector("a");
  const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  function step(by) {
    const all = rows();
    const now = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + by))];
    if (next) link(next).focus();
  }
  function current() { return rows().find((row) => row.contains(document.activeElement)); }
  function follow(selector) { const found = document.querySelector(selector); if (found) found.click(); }
  function open(details) {
    if (!details) return;
    details.open = true;
    const field = details.querySelector("textarea, select, input:not([type=hidden]), button");
    if (field) field.focus();
  }
  function choose() { const row = current(); const box = row && row.querySelector("input[type=checkbox]"); if (box) box.checked = !box.checked; }
  function search() {
    const box = document.getElementById("id_q");
    if (!box) return;
    box.closest("details").open = true;
    box.focus();
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    o: () => { const row = current(); if (row) link(row).click(); },
    x: choose,
    m: () => { const bar = document.getElementById("bulk-do"); if (bar) bar.focus(); },
    "/": search,
    "[": () => follow("a[rel=prev]"),
    "]": () => follow("a[rel=next]"),
    n: () => open(document.querySelector("[data-move=note]")),
    b: () => open(document.querySelector("[data-move=follow_up]")),
    u: () => follow("[data-back]"),
    "?": () => { if (help) help.showModal(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || (help && help.open)) return;
    if (/^[1-9]$/.test(event.key)) {
      open(document.querySelectorAll("[data-move]")[Number(event.key) - 1]);
    } else if (keys[event.key] && document.querySelector("[data-desk]")) {
      keys[event.key]();
    } else {
      return;
    }
    event.preventDefault();
  });
  // The list one came from: its filters and page, not what was searched for, which may name somebody.
  const LIST = "desk-list";
  function rememberList() {
    const asked = new URLSearchParams(location.search);
    asked.delete("q");
    try { sessionStorage.setItem(LIST, asked); } catch { /* Without storage the way back leads to the whole list. */ }
  }
  function leadBack(back) {
    let asked = "";
    try { asked = sessionStorage.getItem(LIST) || ""; } catch { return; }
    if (asked) back.search = asked;
  }
  // Every step loads a page anew; who works by keyboard goes on where they were, not at the menu.
  function goOn() {
    if (location.hash) return;
    const wrong = document.querySelector("[data-wrong], [data-desk] details[open] [aria-invalid=true]");
    const came = document.referrer.split(/[?#]/)[0];
    const row = rows().map(link).find((found) => came.startsWith(found.href));
    const title = came.startsWith(location.href.split(/[?#]/)[0]) && document.querySelector("[data-start]");
    const start = wrong || row || title;
    if (start) start.focus({ preventScroll: start === title });
  }
  const back = document.querySelector("[data-back]");
  if (back) leadBack(back);
  if (rows().length) rememberList();
  goOn();
  for (const button of document.querySelectorAll("[data-keys-help]")) {
    button.hidden = false;
    button.addEventListener("click", () => help && help.showModal());
  }
})();
