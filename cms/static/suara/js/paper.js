// Entry of paper forms. Everything works without it; with it a digit jumps on and Enter saves from any field.
(() => {
  const form = document.querySelector("[data-paper-entry]");
  if (!form) return;
  const fields = () => [...form.querySelectorAll("select, textarea, input:not([type=hidden])")].filter((field) => field.offsetParent);
  const next = (field) => {
    const all = fields();
    (all[all.indexOf(field) + 1] || form.querySelector("[type=submit]")).focus();
  };

  form.addEventListener("input", ({ target }) => {
    if (target.dataset.high === undefined) return;
    const [low, high] = [Number(target.dataset.low), Number(target.dataset.high)];
    const typed = target.value.replace(/\D/g, "");
    const value = Number(typed);
    // A digit that cannot be on the sheet is not taken; one that may still grow (1 of 10) waits.
    target.value = typed !== "" && value <= high && (value >= low || value * 10 <= high) ? typed : "";
    if (target.value !== "" && value * 10 > high) next(target);
  });
  form.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key === "Backspace" && target.dataset.high !== undefined && target.value === "") {
      const before = fields()[fields().indexOf(target) - 1];
      if (before) { event.preventDefault(); before.focus(); }
    }
    // In a list a digit chooses the line with that number.
    if (target.tagName === "SELECT" && /^[0-9]$/.test(key)) {
      const index = Number(key);
      if (index < target.options.length) { event.preventDefault(); target.selectedIndex = index; next(target); }
    }
    if (key === "Enter" && !event.shiftKey && (target.tagName === "TEXTAREA" || target.tagName === "SELECT")) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  // One sheet is sent once.
  form.addEventListener("submit", () => form.querySelector("[type=submit]").setAttribute("aria-disabled", "true"));
  (form.querySelector("[aria-invalid=true]") || fields()[0])?.focus();
})();
