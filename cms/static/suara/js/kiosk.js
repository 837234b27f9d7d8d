/* The screens of a kiosk or an officer's tablet: one question at a time, then thanks, then nothing left of anybody.
   Every word comes from the pack; nothing half-finished is ever written down. */
"use strict";
(() => {
  const { body } = document;
  const screens = document.getElementById("screens"), setup = document.getElementById("setup");
  const all = (selector, root = screens) => [...root.querySelectorAll(selector)];
  const one = (selector, root = screens) => root.querySelector(selector);
  const store = window.kioskStore(body.dataset, show);
  const { state } = store;
  // What is on the screen now; the pack and form token stay the same from the first question to the last.
  let pack = null, form = "", language = "", screen = "", step = 0, began = 0, touched = 0, rested = -Infinity;
  let isOfficer = false, isReady = false;
  // A scanned code comes behind the #, which no server and no log ever sees.
  const scanned = decodeURIComponent(location.hash.slice(1));

  /* --- Which screen ------------------------------------------------------------------------- */

  function isOpen() {
    const local = new Date(store.now() + pack.zone_minutes * 60000);
    const day = local.toISOString();
    const span = pack.hours[(local.getUTCDay() + 6) % 7];
    const always = !Object.keys(pack.hours).length;
    const inTime = always || (span && day.slice(11, 16) >= span[0] && day.slice(11, 16) < span[1]);
    return pack.is_open && inTime && (!pack.last_day || day.slice(0, 10) <= pack.last_day);
  }

  function turnTo(name) {
    screen = name;
    all("[data-screen]").forEach((part) => { part.hidden = part.dataset.screen !== name; });
    window.scrollTo(0, 0);
  }

  // Everything anew: the old elements are gone with whatever was typed into them.
  function reset() {
    isOfficer = false;
    pack = state.pack;
    draw(pack.languages[0].code);
    history.replaceState({ kiosk: true }, "", location.pathname);
    turnTo(isOpen() ? "start" : "closed");
  }

  function draw(code) {
    language = code;
    document.documentElement.lang = code;
    screens.innerHTML = pack.screens[code];
    screens.dataset.kind = pack.kind;
    for (const [name, rule] of Object.entries(pack.rules)) {
      const field = one(`[name="${CSS.escape(name)}"]`);
      if (field && rule.max_length) field.maxLength = rule.max_length;
    }
    tell();
  }

  function show() {
    const isKnown = Boolean(state.token && state.pack && state.pack.screens && !state.refusedUs);
    setup.hidden = isKnown;
    screens.hidden = !isKnown;
    all("[data-count]", setup).forEach((part) => { part.textContent = state.unsent; });
    if (!isKnown) return askForCode();
    // A new pack waits until nobody is in the middle of something.
    if (!pack || (screen !== "form" && screen !== "thanks" && !openDialog() && pack.etag !== state.pack.etag)) reset();
    return tell();
  }

  function askForCode() {
    pack = null;
    screens.innerHTML = "";
    const needsCode = !state.token || state.refusedUs;
    one('[data-setup="form"]', setup).hidden = !needsCode;
    one('[data-setup="waiting"]', setup).hidden = needsCode;
    one('[data-setup="failed"]', setup).hidden = needsCode || !isReady;
    one('[data-setup="kept"]', setup).hidden = !state.unsent;
    one("[data-export]", setup).hidden = !state.unsent;
  }

  function tell() {
    if (!screens.firstChild) return;
    all("[data-count]").forEach((part) => { part.textContent = state.unsent; });
    one("[data-none]").hidden = state.unsent > 0;
    one("[data-some]").hidden = state.unsent === 0;
    one("[data-risk]").hidden = !state.risky;
    one("[data-lasting]").hidden = !state.lasting;
    one("[data-fleeting]").hidden = state.lasting;
    one("[data-contact]").textContent = state.contact ? new Date(state.contact).toLocaleString(language) : "–";
  }

  /* --- One question at a time ------------------------------------------------------------- */

  const fieldIn = (part) => one("input[name], textarea[name], select[name]", part);
  const given = (name) => all(`[name="${CSS.escape(name)}"]:checked`).map((field) => field.value);

  // A question whose condition is not met is passed over, and so is what depends on it; photos need a phone.
  function isAsked(part) {
    const field = fieldIn(part);
    if (field && field.type === "file") return false;
    return !field || isFieldAsked(field.name);
  }

  function isFieldAsked(name) {
    const condition = pack.conditions[name];
    if (!condition) return true;
    return isFieldAsked(condition.field) && given(condition.field).some((value) => condition.any_of.includes(value));
  }

  const asked = () => all("form .step").filter(isAsked);

  function showStep(number) {
    const parts = asked();
    step = Math.max(0, Math.min(number, parts.length - 1));
    all("form .step").forEach((part) => { part.hidden = part !== parts[step]; });
    all("[data-fault]").forEach((part) => { part.hidden = true; });
    one("[data-next]").hidden = step === parts.length - 1;
    one("[data-finish]").hidden = step !== parts.length - 1;
    parts[step].tabIndex = -1;
    parts[step].focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  // The server cannot ask again later, so what it would refuse is said here.
  function faultIn(part) {
    const field = fieldIn(part);
    if (!field) return "";
    const rule = field.name === "service" ? { required: true } : pack.rules[field.name] || {};
    const isChoice = field.type === "radio" || field.type === "checkbox";
    const value = field.value.trim();
    if (isChoice ? !given(field.name).length : !value) {
      if (field.validity && field.validity.badInput) return "date";
      return rule.required ? "required" : "";
    }
    return isChoice || rule.type !== "number" ? "" : numberFault(value.replace(",", "."), rule);
  }

  function numberFault(text, rule) {
    if (!/^-?\d{1,12}(\.\d{1,6})?$/.test(text)) return "number";
    const isLow = rule.min !== undefined && Number(text) < rule.min;
    return isLow || (rule.max !== undefined && Number(text) > rule.max) ? "range" : "";
  }

  function isAnswered() {
    const fault = faultIn(asked()[step]);
    all("[data-fault]").forEach((part) => { part.hidden = part.dataset.fault !== fault; });
    return !fault;
  }

  function begin() {
    if (performance.now() - rested < pack.pause * 1000) return;
    form = state.form;
    began = performance.now();
    turnTo("form");
    showStep(0);
  }

  function answers() {
    const fields = {};
    const names = new Set(all("form .step").filter((part) => !isAsked(part))
      .flatMap((part) => all("[name]", part).map((field) => field.name)));
    for (const [name, value] of new FormData(one("form[data-screen]"))) {
      if (typeof value !== "string" || !value.trim() || names.has(name) || name === "service") continue;
      (fields[name] = fields[name] || []).push(value);
    }
    const service = given("service")[0] || "";
    return { form, language, service, fields, seconds: Math.round((performance.now() - began) / 1000) };
  }

  async function finish() {
    if (screen !== "form" || !isAnswered()) return;
    const answer = answers();
    turnTo("thanks"); // before the wait: a second touch finds no button
    one("form[data-screen]").reset();
    rested = performance.now();
    await store.add(answer);
    one("[data-screen=thanks] h1").focus({ preventScroll: true });
    setTimeout(reset, pack.thanks * 1000);
  }

  // The words change, the answers stay.
  function translate(code) {
    const values = [...new FormData(one("form[data-screen]"))];
    draw(code);
    turnTo(screen);
    for (const [name, value] of values) {
      all(`[name="${CSS.escape(name)}"]`).forEach((field) => {
        if (field.type !== "radio" && field.type !== "checkbox") field.value = value;
        else if (field.value === value) field.checked = true;
      });
    }
    if (screen === "form") showStep(step);
    const chosen = one(`[data-language="${CSS.escape(code)}"]`);
    if (chosen) chosen.focus();
  }

  /* --- Time ----------------------------------------------------------------------------------- */

  const openDialog = () => one("dialog[open]");

  function tick() {
    if (!pack) return;
    if (screen === "start" || screen === "closed") {
      const wanted = isOpen() ? "start" : "closed";
      if (wanted !== screen && !openDialog()) reset();
      const isResting = performance.now() - rested < pack.pause * 1000;
      one("[data-pause]").hidden = !isResting;
      one("[data-start]").setAttribute("aria-disabled", String(isResting));
    }
    const idle = (performance.now() - touched) / 1000;
    // The officer's corner and a chosen language are forgotten, too.
    if (screen === "form") watch(idle);
    else if (screen !== "thanks" && idle > pack.idle && (openDialog() || language !== pack.languages[0].code)) reset();
  }

  function watch(idle) {
    const warning = one("dialog[data-warning]");
    if (idle < pack.idle) return;
    const left = Math.ceil(pack.idle + pack.warning - idle);
    if (left <= 0) { reset(); return; }
    one("[data-seconds]").textContent = left;
    if (!warning.open) {
      if (openDialog()) openDialog().close();
      warning.showModal();
      warning.addEventListener("close", () => { touched = performance.now(); }, { once: true });
    }
  }

  /* --- The officer's corner ----------------------------------------------------------------- */

  function openOfficer() {
    const needsPin = Boolean(pack.pin) && !isOfficer;
    one("[data-pin]").hidden = !needsPin;
    one("[data-officer-panel]").hidden = needsPin;
    one("dialog[data-officer]").showModal();
  }

  function tryPin(field) {
    isOfficer = field.value === pack.pin;
    field.value = "";
    one("[data-pin-wrong]").hidden = isOfficer;
    if (!isOfficer) return;
    one("[data-pin]").hidden = true;
    one("[data-officer-panel]").hidden = false;
  }

  async function saveFile() {
    const content = await store.exported();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content)], { type: "application/json" }));
    link.download = `jawaban-${new Date(store.now()).toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  /* --- Hands ------------------------------------------------------------------------------------ */

  const buttons = {
    start: begin,
    next: () => isAnswered() && showStep(step + 1),
    back: () => (step ? showStep(step - 1) : reset()),
    finish,
    stay: () => one("dialog[data-warning]").close(),
    leave: reset,
    officerOpen: openOfficer,
    officerClose: () => { isOfficer = false; one("dialog[data-officer]").close(); },
    sendNow: () => { store.beat(); store.send(); },
    export: saveFile,
    language: (button) => translate(button.dataset.language),
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    // Links would lead out of the page; a link in the questions means: the next one.
    if (button.tagName === "A" && !button.download) { event.preventDefault(); return; }
    const name = Object.keys(button.dataset).find((key) => buttons[key]);
    if (name) buttons[name](button);
  });

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const part = event.target;
    if (part.matches("[data-pin]")) tryPin(part.elements.pin);
    else if (part.matches("[data-setup]")) setUp(part.elements.code.value);
    else if (screen === "form") buttons[one("[data-next]").hidden ? "finish" : "next"]();
  });

  async function setUp(code) {
    const wrong = one('[data-setup="wrong"]', setup), failed = one('[data-setup="failed"]', setup);
    try {
      await store.setUp(code);
      wrong.hidden = failed.hidden = true;
      setup.querySelector("form").reset();
    } catch (error) {
      wrong.hidden = error.status === undefined;
      failed.hidden = error.status !== undefined;
    }
  }

  ["pointerdown", "keydown", "input", "touchstart"].forEach((name) => {
    document.addEventListener(name, () => {
      const warning = pack && one("dialog[data-warning]");
      if (!warning || !warning.open) touched = performance.now();
    }, { passive: true });
  });
  document.addEventListener("contextmenu", (event) => pack && pack.kind === "kiosk" && event.preventDefault());
  // The back button leads to this same screen, a page kept in memory starts anew.
  history.replaceState({ kiosk: true }, "", location.pathname);
  history.pushState({ kiosk: true }, "", location.pathname);
  window.addEventListener("popstate", () => history.pushState({ kiosk: true }, "", location.pathname));
  window.addEventListener("pageshow", (event) => event.persisted && show());
  window.addEventListener("pagehide", () => { screens.innerHTML = ""; pack = null; });

  async function main() {
    one("#setup-code", setup).value = scanned;
    if ("serviceWorker" in navigator) {
      const isUpdate = Boolean(navigator.serviceWorker.controller);
      navigator.serviceWorker.register(body.dataset.worker)
        .then((worker) => setInterval(() => worker.update().catch(() => {}), 3600000)).catch(() => {});
      // A new release is taken over between two visitors.
      navigator.serviceWorker.addEventListener("controllerchange", () => isUpdate && renew());
    }
    await store.start();
    isReady = true;
    show();
    setInterval(tick, 500);
  }

  function renew() {
    if (screen === "form" || screen === "thanks" || (pack && openDialog())) setTimeout(renew, 5000);
    else location.reload();
  }

  main();
})();
