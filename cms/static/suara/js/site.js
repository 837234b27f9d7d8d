/* Improves pages that already work without it: menu button, character counters, one submit per form, focus on errors.
   Texts come from data attributes, so they are translated by the templates. */
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const announce = (text) => {
    let live = document.getElementById("live");
    if (!live) {
      live = document.createElement("div");
      live.id = "live";
      live.className = "visually-hidden";
      live.setAttribute("role", "status");
      document.body.append(live);
    }
    live.textContent = text;
  };

  const toggles = () => document.querySelectorAll("[data-toggle]").forEach((button) => {
    const panel = document.getElementById(button.dataset.toggle);
    const set = (open) => {
      button.setAttribute("aria-expanded", open);
      panel.toggleAttribute("data-open", open);
    };
    button.addEventListener("click", () => set(button.getAttribute("aria-expanded") !== "true"));
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { set(false); button.focus(); }
    });
  });

  /* <textarea maxlength="2000" data-counter="{n} characters left">: the limit itself is enforced by the browser and the server. */
  const counters = () => document.querySelectorAll("textarea[data-counter][maxlength]").forEach((area) => {
    const note = document.createElement("p");
    note.className = "counter";
    area.after(note);
    let timer;
    const show = () => {
      const left = area.maxLength - area.value.length;
      note.textContent = area.dataset.counter.replace("{n}", left.toLocaleString(root.lang));
      clearTimeout(timer);
      if (left < 100) timer = setTimeout(() => announce(note.textContent), 1000);
    };
    area.addEventListener("input", show);
    show();
  });

  /* <form data-once>: a second press does nothing; <button data-busy="Sending …"> says what is going on. */
  const once = (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    const button = event.submitter || form.querySelector("[type=submit]");
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) {
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.busy;
      announce(button.dataset.busy);
    }
  };

  /* Back from the next page: the browser may show this one as it was left. */
  const release = () => document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      if (button.dataset.label) button.textContent = button.dataset.label;
    });
  });

  toggles();
  counters();
  document.querySelector("[data-focus]")?.focus();
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.addEventListener("submit", once);
  window.addEventListener("pageshow", release);
})();
