/* Keeps the page of kiosks and tablets, so that it starts after a power cut and without network.
   Questions and answers are not here: kiosk.js keeps them in the browser's database. */
"use strict";
const CACHE = "kios-{{ version }}";
const PAGE = "{% url 'surveys:kiosk' %}";
const FILES = [
  {% for file in files %}"{{ file }}",
  {% endfor %}{% if brand.css_version %}"{% url 'home:brand_css' %}?v={{ brand.css_version }}",
  {% endif %}"{% url 'surveys:kiosk_manifest' %}",
];

self.addEventListener("install", (event) => {
  const fresh = [PAGE, ...FILES].map((address) => new Request(address, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("kios-") && name !== CACHE;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const wanted = request.mode === "navigate" && address.pathname === PAGE ? PAGE : address.pathname + address.search;
  if (wanted !== PAGE && !FILES.includes(wanted)) return;
  event.respondWith(caches.open(CACHE)
    .then((cache) => cache.match(wanted))
    .then((kept) => kept || fetch(request)));
});
