/* What a kiosk or tablet keeps and sends: its own token, the pack of questions, and finished answers until the server
   has given a receipt for each. Knows nothing of screens. See docs/decisions and surveys/views/offline.py.

   An answer is written to the browser's database first and deleted there only after its receipt, so neither a closed
   tab nor a power cut between the two loses or doubles it: its key was made with it. */
"use strict";
window.kioskStore = (addresses, changed) => {
  const BATCH = 100, BATCH_LENGTH = 500000, TIMEOUT = 30000, BEAT = 60000, LONGEST_WAIT = 300000, RISKY_DAYS = 3;
  // Tells after a restart that the even counter began anew.
  const session = newKey();
  const state = { token: "", pack: null, form: "", offset: 0, contact: 0, unsent: 0, lasting: false, risky: false, refusedUs: false };
  const spare = []; // what the database would not take
  let database = null, waiting = 0, failures = 0, isSending = false;

  function newKey() {
    if (window.crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
  }

  function open() {
    if (database) return database;
    database = new Promise((resolve, reject) => {
      const request = indexedDB.open("kios", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("meta");
        request.result.createObjectStore("queue", { keyPath: "key" });
      };
      request.onsuccess = () => {
        request.result.onclose = () => { database = null; };
        resolve(request.result);
      };
      request.onerror = () => { database = null; reject(request.error); };
    });
    return database;
  }

  async function act(store, mode, work) {
    const opened = await open();
    return new Promise((resolve, reject) => {
      // "strict": answered only when it is on the disk.
      const transaction = opened.transaction(store, mode, { durability: "strict" });
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request && request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  const keep = (name, value) => act("meta", "readwrite", (store) => store.put(value, name));
  const read = (name) => act("meta", "readonly", (store) => store.get(name));

  async function count() {
    state.unsent = spare.length + await act("queue", "readonly", (store) => store.count());
    changed();
  }

  async function post(address, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const reply = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(state.token && { Authorization: `Bearer ${state.token}` }) },
        body: JSON.stringify(body),
        signal: stop.signal,
        credentials: "omit",
        cache: "no-store",
      });
      if (reply.status === 401) { state.refusedUs = true; changed(); }
      if (!reply.ok) throw Object.assign(new Error(`answered ${reply.status}`), { status: reply.status });
      return await reply.json(); // the page of a captive portal is no JSON: like no network
    } finally {
      clearTimeout(timer);
    }
  }

  /* --- Finished answers ------------------------------------------------------------------- */

  // Resolves when the answer is on this device's disk; sending goes on by itself.
  async function add(answer) {
    const item = { ...answer, key: newKey(), captured_at: Date.now() };
    const row = { key: item.key, tries: 0, session, ticks: performance.now(), item };
    try {
      await act("queue", "readwrite", (store) => store.add(row));
    } catch (error) {
      spare.push(row);
      state.risky = true;
    }
    await count();
    send();
  }

  // Ready to send: how long ago it was given, where the even counter still knows.
  const aged = (row) => ({ ...row.item, age: row.session === session ? performance.now() - row.ticks : null });

  async function head(most) {
    const kept = await act("queue", "readonly", (store) => store.getAll(null, 1000));
    const rows = [...spare, ...kept].sort((one, other) => one.tries - other.tries).slice(0, most);
    let length = 0;
    return rows.filter((row, place) => {
      length += JSON.stringify(row.item).length;
      return place === 0 || length < BATCH_LENGTH;
    });
  }

  // Whatever the server did with it, it is on the server now; refused ones are shown to the staff there.
  async function forget(rows) {
    for (const row of rows) if (spare.includes(row)) spare.splice(spare.indexOf(row), 1);
    await act("queue", "readwrite", (store) => rows.forEach((row) => store.delete(row.key)));
  }

  async function sendBatch(size) {
    const rows = await head(size);
    if (!rows.length) return 0;
    try {
      const reply = await post(addresses.send, { sent_at: Date.now(), items: rows.map(aged) });
      const results = reply.results;
      if (!Array.isArray(results) || results.length !== rows.length) throw new Error("no receipts");
      await forget(rows.filter((row, place) => ["stored", "replayed", "refused"].includes(results[place].status)));
      return size;
    } catch (error) {
      if (![400, 413, 500].includes(error.status)) throw error;
      if (rows.length > 1) return Math.ceil(rows.length / 2);
      // One answer the server cannot read must not hold up the others.
      rows[0].tries += 1;
      await act("queue", "readwrite", (store) => store.put(rows[0]));
      throw error;
    }
  }

  async function sendAll() {
    const before = state.unsent;
    let size = BATCH;
    while (size) {
      size = await sendBatch(size);
      await count();
    }
    return state.unsent < before;
  }

  // One writer per device, however many tabs are open.
  const alone = (work) => (navigator.locks ? navigator.locks.request("kios-send", work) : work());

  async function send() {
    if (isSending || !state.token || state.refusedUs) return;
    isSending = true;
    clearTimeout(waiting);
    let hasSent = false;
    try {
      hasSent = await alone(sendAll);
      failures = 0;
    } catch (error) {
      failures += 1;
      const pause = Math.min(LONGEST_WAIT, 2000 * 2 ** Math.min(failures, 10));
      waiting = setTimeout(send, pause * (0.5 + Math.random()));
    }
    isSending = false;
    if (hasSent) beat(); // the list of devices says at once that nothing waits any more
    await weigh();
  }

  /* --- Heartbeat ---------------------------------------------------------------------------- */

  async function battery() {
    if (!navigator.getBattery) return null;
    return Math.round((await navigator.getBattery()).level * 100);
  }

  async function beat() {
    if (!state.token || state.refusedUs) return false;
    const began = Date.now();
    const etag = state.pack ? state.pack.etag : "";
    try {
      const reply = await post(addresses.beat, {
        sent_at: began, app: addresses.app, unsent: state.unsent, etag, battery: await battery(),
      });
      state.offset = (began + Date.now()) / 2 - reply.now;
      state.contact = reply.now;
      state.form = reply.form;
      state.pack = reply.pack || state.pack;
      await keep("known", { pack: state.pack, form: state.form, offset: state.offset, contact: state.contact });
    } catch (error) {
      return false;
    } finally {
      changed();
    }
    send();
    return true;
  }

  async function setUp(code) {
    const reply = await post(addresses.setUp, { code });
    state.token = reply.token;
    state.refusedUs = false;
    await keep("token", reply.token);
    return beat();
  }

  /* --- Storage ------------------------------------------------------------------------------ */

  // Browsers clear what is not kept for good, some after seven days without a visit.
  async function weigh() {
    const storage = navigator.storage || {};
    const { usage = 0, quota = 0 } = storage.estimate ? await storage.estimate() : {};
    const rows = await act("queue", "readonly", (store) => store.getAll(null, 1));
    const oldest = rows.length ? Date.now() - rows[0].item.captured_at : 0;
    const isOld = !state.lasting && oldest > RISKY_DAYS * 86400000;
    state.risky = Boolean(spare.length || isOld || (quota && usage / quota > 0.8));
    changed();
  }

  async function exported() {
    const kept = await act("queue", "readonly", (store) => store.getAll());
    const items = [...spare, ...kept].map(aged);
    return { device: state.pack ? state.pack.device : "", sent_at: Date.now(), offset: state.offset, items };
  }

  async function start() {
    const storage = navigator.storage;
    state.token = (await read("token")) || "";
    Object.assign(state, await read("known"));
    if (storage && storage.persist) state.lasting = (await storage.persisted()) || (await storage.persist());
    await count();
    await weigh();
    window.addEventListener("online", () => { failures = 0; beat(); send(); });
    setInterval(beat, BEAT);
    await beat();
    send();
  }

  return { state, start, add, send, beat, setUp, exported, now: () => Date.now() - state.offset };
};
