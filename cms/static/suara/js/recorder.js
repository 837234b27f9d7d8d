/* A "Record" button beside every recording of a question in the survey editor. Without a microphone, or without this
   script, a file is uploaded through the chooser as ever. Words and address come from data attributes of this script. */
(() => {
  const { url, record, stop, saving, failed, denied } = document.currentScript.dataset;
  const KINDS = [["audio/mp4", "m4a"], ["audio/webm;codecs=opus", "webm"], ["audio/ogg;codecs=opus", "ogg"]];
  const LONGEST = 90_000;
  if (!window.MediaRecorder || !navigator.mediaDevices) return;
  const kind = KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));
  if (!kind) return;

  /* The recording's name in the list of documents: the question it belongs to. */
  const question = (box) => {
    for (let around = box; around; around = around.parentElement) {
      const field = around.querySelector('[data-contentpath="label"] input, [data-contentpath="element"] select');
      if (field) return field.selectedOptions ? field.selectedOptions[0].textContent.trim() : field.value;
    }
    return "";
  };

  const choose = (chooser, found) => {
    const input = document.getElementById(chooser.id.replace(/-chooser$/, ""));
    input.value = found.id;
    chooser.querySelector("[data-chooser-title]").textContent = found.title;
    chooser.querySelector("[data-chooser-edit-link]")?.setAttribute("href", found.edit_url);
    chooser.classList.remove("blank");
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const send = async (blob, chooser, language) => {
    const body = new FormData();
    body.append("file", blob, `rekaman-${language}-${Date.now()}.${kind[1]}`);
    body.append("title", `${question(chooser)} (${language})`.trim());
    const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.error);
    choose(chooser, found);
    return found;
  };

  const add = (chooser) => {
    const language = chooser.closest("[data-contentpath^=audio_]").dataset.contentpath.slice("audio_".length);
    const button = document.createElement("button"), note = document.createElement("span");
    const box = document.createElement("div"), player = document.createElement("audio");
    box.className = "survey-recorder";
    button.type = "button";
    button.className = "button button-small button-secondary";
    button.textContent = record;
    note.setAttribute("role", "status");
    player.controls = true;
    player.hidden = true;
    box.append(button, note, player);
    chooser.after(box);
    let recorder;
    const start = async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts = [];
      recorder = new MediaRecorder(stream, { mimeType: kind[0], audioBitsPerSecond: 32_000 });
      recorder.ondataavailable = (event) => parts.push(event.data);
      recorder.onstop = async () => {
        stream.getTracks().forEach((track) => track.stop());
        recorder = null;
        button.textContent = record;
        note.textContent = saving;
        try {
          player.src = (await send(new Blob(parts, { type: kind[0].split(";")[0] }), chooser, language)).url;
          player.hidden = false;
          note.textContent = "";
        } catch (error) {
          note.textContent = error.message || failed;
        }
      };
      recorder.start();
      button.textContent = stop;
      setTimeout(() => recorder?.state === "recording" && recorder.stop(), LONGEST);
    };
    button.addEventListener("click", () => {
      if (recorder) recorder.stop();
      else start().catch(() => { note.textContent = denied; });
    });
  };

  const look = () => document.querySelectorAll("[data-contentpath^=audio_] .chooser").forEach((chooser) => {
    if (chooser.dataset.recorder) return;
    chooser.dataset.recorder = "1";
    add(chooser);
  });
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
