/* "Ask only if": an earlier question chosen by its text, its answers by their words. What is stored are the codes in the
   two fields below, which are typed by hand where this script does not run. A question or an answer without a code yet
   is given one the moment it is named. Words come from data attributes of this script, the official questions and the
   codes that were used before from #survey-codes. */
(() => {
  const words = document.currentScript.dataset;
  const NAMED = /^(.+)-(\d+)-value-show_if-question$/;
  const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];
  const SAID = { ya: "yes", tidak: "no" };

  const field = (name) => document.getElementsByName(name)[0];
  const text = (name) => field(name)?.value.trim() ?? "";
  const tokens = (value) => value.split(/[,;\s]+/).filter(Boolean).map((part) => SAID[part.toLowerCase()] ?? part);
  const known = () => JSON.parse(document.getElementById("survey-codes")?.textContent ?? "{}");
  const put = (input, value) => {
    if (input.value === value) return;
    input.value = value;
    for (const kind of ["input", "change"]) input.dispatchEvent(new Event(kind, { bubbles: true }));
  };

  /* What stands in a list of blocks now, in its order. */
  const rows = (prefix) => Array.from({ length: Number(text(`${prefix}-count`)) }, (_, place) => `${prefix}-${place}`)
    .filter((row) => field(`${row}-type`) !== undefined || field(`${row}-deleted`) !== undefined)
    .filter((row) => !text(`${row}-deleted`))
    .sort((one, other) => Number(text(`${one}-order`)) - Number(text(`${other}-order`)));

  const points = (low, high) => Array.from({ length: high - low + 1 }, (_, n) => [String(low + n), String(low + n)]);
  const ends = (low, high, value) => points(low, high).map(([code, label]) => {
    const end = { [low]: text(`${value}-low_label`), [high]: text(`${value}-high_label`) }[code];
    return [code, end ? `${label} – ${end}` : label];
  });

  /* Pairs of code and words; an answer that has no code yet stands under the place of its field. */
  const ANSWERS = {
    yes_no: () => [["yes", words.yes], ["no", words.no]],
    consent: () => [["yes", words.agreed]],
    rating: (value) => ends(1, Math.min(Number(text(`${value}-points`)) || 4, 10), value),
    zero_to_ten: (value) => ends(0, 10, value),
    scale: (value) => rows(`${value}-points`).map((row, n) => [String(n + 1), `${n + 1} – ${text(`${row}-value-label`)}`]),
    single: (value) => rows(`${value}-choices`).map((row) => {
      const code = text(`${row}-value-code`);
      return [code || `@${row}`, text(`${row}-value-label`) || code || words.untitled];
    }),
  };
  ANSWERS.multiple = ANSWERS.single;

  const official = () => (known().elements ?? []).map((row) => ({
    key: row.code, code: row.code, label: row.name, answers: row.answers, group: words.official,
  }));
  const own = (prefix, upTo) => {
    const found = [];
    for (const row of rows(prefix)) {
      if (row === upTo) break;
      const kind = text(`${row}-type`);
      if (kind in ANSWERS) found.push({
        key: row, code: text(`${row}-value-code`), label: text(`${row}-value-label`) || words.untitled,
        answers: ANSWERS[kind](`${row}-value`), group: words.own,
      });
    }
    return found;
  };

  const free = (candidates, taken) => candidates.find((code) => !taken.has(code)) ?? "";
  const codeOfQuestion = (prefix, question) => {
    if (question.code) return question.code;
    const taken = new Set([...(known().taken ?? []), ...rows(prefix).map((row) => text(`${row}-value-code`))]);
    const numbers = Array.from({ length: 99 }, (_, n) => `p${n + 1}`);
    put(field(`${question.key}-value-code`), free(numbers, new Set([...taken].map((code) => code.toLowerCase()))));
    return text(`${question.key}-value-code`);
  };
  const codeOfAnswer = (prefix, mark) => {
    if (!mark.startsWith("@")) return mark;
    const row = mark.slice(1), list = row.replace(/-\d+$/, ""), id = text(`${list.replace(/-value-choices$/, "")}-id`);
    const used = [...(known().choices?.[id] ?? []), ...rows(list).map((one) => text(`${one}-value-code`).toLowerCase())];
    put(field(`${row}-value-code`), text(`${row}-value-code`) || free(LETTERS, new Set(used)));
    return text(`${row}-value-code`);
  };

  const make = (tag, attributes = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.append(...children);
    return element;
  };

  class Picker {
    constructor(question) {
      const [, prefix, place] = question.name.match(NAMED);
      Object.assign(this, { question, prefix, row: `${prefix}-${place}` });
      this.answers = field(question.name.replace(/question$/, "answers"));
      this.select = make("select", { id: `${question.id}-pick` });
      this.list = make("div", { className: "condition__answers" });
      this.list.setAttribute("role", "group");
      for (const [plain, shown] of [[question, this.select], [this.answers, this.list]]) {
        const label = document.querySelector(`label[for="${CSS.escape(plain.id)}"]`);
        if (label) {
          label.id ||= `${plain.id}-label`;
          shown.setAttribute("aria-labelledby", label.id);
        }
        plain.classList.add("condition__plain");
        plain.after(shown);
        plain.closest("[data-contentpath]")?.classList.add("condition__picked");
      }
      this.select.addEventListener("change", () => this.choose());
      this.list.addEventListener("change", () => this.tick());
    }

    above() { return [...official(), ...own(this.prefix, this.row)]; }

    /* The question named now: the one that was picked, also when its code was changed since; else the one of that code. */
    named(questions) {
      const code = this.question.value.trim().toLowerCase();
      if (!code) return null;
      return questions.find((row) => row.key === this.key && row.code)
        ?? questions.find((row) => row.code.toLowerCase() === code);
    }

    refresh() {
      const questions = this.above(), chosen = this.named(questions);
      if (chosen) {
        this.key = chosen.key;
        put(this.question, chosen.code);
      }
      const state = JSON.stringify([questions, this.question.value, this.answers.value]);
      if (state === this.state) return this.sum(chosen);
      this.state = state;
      this.offer(questions, chosen);
      this.list.replaceChildren(...this.boxes(chosen));
      const field = this.list.closest("[data-contentpath]");
      if (field) field.hidden = !this.question.value && !this.answers.value;
      this.sum(chosen);
    }

    /* The closed panel says when the question is asked; the editor writes the codes there whenever it is closed. */
    sum(chosen) {
      const heading = this.select.closest("section")?.querySelector("[data-panel-heading-text]");
      if (!heading) return;
      const said = [...this.list.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
      const name = chosen ? chosen.label : this.question.value && this.lost();
      const sentence = name ? `${name} → ${said.join(", ")}` : words.always;
      if (heading.textContent !== sentence) heading.textContent = sentence;
    }

    offer(questions, chosen) {
      const groups = new Map();
      for (const row of questions) {
        const option = make("option", { value: row.key, textContent: row.label, selected: row === chosen });
        groups.set(row.group, [...(groups.get(row.group) ?? []), option]);
      }
      const always = make("option", { value: "", textContent: words.always, selected: !this.question.value });
      this.select.replaceChildren(always, ...[...groups].map(([label, found]) => make("optgroup", { label }, ...found)));
      if (this.question.value && !chosen) {
        this.select.append(make("option", { value: "?", textContent: this.lost(), selected: true }));
      }
    }

    /* Below this question, or nowhere: said in words, never thrown away. */
    lost() {
      const code = this.question.value.trim().toLowerCase();
      const row = rows(this.prefix).find((one) => text(`${one}-value-code`).toLowerCase() === code);
      const name = row ? text(`${row}-value-label`) || words.untitled : this.question.value;
      return words.lost.replace("%s", name);
    }

    boxes(chosen) {
      const ticked = tokens(this.answers.value);
      const offered = chosen ? chosen.answers : [];
      const missing = ticked.filter((code) => !offered.some(([mark]) => mark === code));
      const all = [...offered, ...missing.map((code) => [code, words.missing.replace("%s", code)])];
      return all.map(([mark, label]) => {
        const box = make("input", { type: "checkbox", value: mark, checked: ticked.includes(mark) });
        return make("label", { className: "condition__answer" }, box, ` ${label}`);
      });
    }

    choose() {
      if (this.select.value === "?") return;
      const question = this.above().find((row) => row.key === this.select.value);
      this.key = question?.key;
      put(this.answers, "");
      put(this.question, question ? codeOfQuestion(this.prefix, question) : "");
      this.refresh();
    }

    tick() {
      const marks = [...this.list.querySelectorAll("input:checked")].map((box) => box.value);
      put(this.answers, marks.map((mark) => codeOfAnswer(this.prefix, mark)).join(", "));
      this.refresh();
    }
  }

  const pickers = new Map();
  const look = () => {
    for (const input of document.querySelectorAll('input[name$="-value-show_if-question"]')) {
      if (!pickers.has(input) && NAMED.test(input.name)) pickers.set(input, new Picker(input));
    }
    for (const [input, picker] of pickers) {
      if (input.isConnected) picker.refresh();
      else pickers.delete(input);
    }
  };
  /* Blocks come, go, move and are written: one look for all that happens at once. */
  let waiting;
  const soon = () => { waiting ??= setTimeout(() => { waiting = undefined; look(); }, 50); };
  new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true });
  for (const kind of ["input", "change", "click"]) document.addEventListener(kind, soon);
  look();
})();
