// Opens the page without a network. It keeps the page's own files of one build, and nothing that the server says of anybody: API, tiles and files of others go past it.
const FILES = [/* files */];
const CACHE = 'gridward-/* version */';

addEventListener('install', (event) => event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['/', ...FILES]))));
addEventListener('activate', (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((n) => n.startsWith('gridward-') && n !== CACHE).map((n) => caches.delete(n)))).then(() => clients.claim()),
));

// The page itself is asked for first, so that a new build is seen at once; files are named by what is in them, so that a kept one is right.
addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin) return;
  if (event.request.mode === 'navigate' && pathname === '/') event.respondWith(fetch(event.request).catch(() => caches.open(CACHE).then((cache) => cache.match('/'))));
  else if (FILES.includes(pathname)) event.respondWith(caches.open(CACHE).then((cache) => cache.match(pathname)).then((kept) => kept ?? fetch(event.request)));
});
