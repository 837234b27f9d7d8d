/* Loads the villages of a district without a new page. Without this script the "Choose" button does the same. */
(() => {
  const place = document.getElementById("where");
  const district = document.getElementById("id_district");
  const village = document.getElementById("id_village");
  if (!place || !district || !village) return;
  place.querySelector("[data-pick]").remove();
  let latest = 0;

  const fill = (options) => {
    village.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
  };

  district.addEventListener("change", async () => {
    const ticket = ++latest;
    village.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${place.dataset.villages}?kecamatan=${encodeURIComponent(district.value)}`);
      const { options } = await answer.json();
      if (ticket === latest) fill(options);
    } catch {
      /* Offline: the list stays as it was; the server checks the pair. */
    } finally {
      village.removeAttribute("aria-busy");
    }
  });
})();
