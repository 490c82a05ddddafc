// Measures the map in headless Chromium with software GL (SwiftShader), as bench/viewing.py asks for: milliseconds from navigation to the
// coloured map, bytes of script over the wire, and the intervals between frames while the map is dragged.
import { get } from 'node:http';
import { chromium } from 'playwright-core';

const { GRIDWARD: base, PASSWORD: password, ROUNDS, VIEWS } = process.env; // VIEWS: [{name, address, villages, pan}]
const ARGUMENTS = ['--no-sandbox', '--disable-dev-shm-usage', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const SIZE = { width: 1440, height: 900 };
const PANNED = 4_000; // milliseconds
const SLOW = 50; // milliseconds of a frame that an eye notices

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS });
const door = await browser.newContext();
const signedIn = await door.request.post(`${base}/api/v1/sessions`, { data: { username: 'leader', password, cookie: true } });
if (!signedIn.ok()) throw new Error(await signedIn.text());
const storageState = await door.storageState();

/** Opens a view; answers milliseconds from navigation until the map stood there with the colours of all its villages. */
async function shownIn(context, { address, villages }) {
  const page = await context.newPage(), scripts = new Set();
  const script = (asked) => { if (/[.]m?js$/.test(asked.url())) scripts.add(asked.url()); };
  page.on('request', script);
  page.on('worker', script);
  const coloured = page.waitForResponse((r) => /[/]figures[?].*level=village/.test(r.url()), { timeout: 120_000 }).then((r) => r.json());
  await page.goto(base + address, { waitUntil: 'commit' });
  await page.waitForFunction(() => window.shownAt, null, { timeout: 120_000, polling: 100 });
  const { rows } = await coloured;
  if (rows.length !== villages) throw new Error(`${rows.length} villages of ${villages}`);
  return { page, scripts, shown: await page.evaluate(() => window.shownAt) };
}

/** A browser that has nothing of ours yet but the session. */
async function fresh() {
  const context = await browser.newContext({ viewport: SIZE, storageState, reducedMotion: 'reduce' });
  await context.addInitScript(() => {
    // It looks when something is told, not at each frame: asking for frames makes the browser draw them, which costs here what a user's browser does not pay.
    const told = new MutationObserver(() => { // coloured, and in the extent on which it settles
      const painted = document.querySelector('.map_view[data-ready] .canvas')?.dataset.painted;
      if (!painted || painted !== new URLSearchParams(location.search).get('extent')) return;
      window.shownAt = performance.now();
      told.disconnect();
    });
    told.observe(document, { subtree: true, childList: true, attributeFilter: ['data-painted', 'data-ready'] });
  });
  return context;
}

/** Drags the map along a circle by the mouse; answers the intervals between frames meanwhile. */
async function pan(page) {
  const box = await page.locator('.stage .canvas canvas').boundingBox(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const to = (turns) => page.mouse.move(x + 180 * Math.cos(turns * 2 * Math.PI), y + 180 * Math.sin(turns * 2 * Math.PI));
  await to(0);
  await page.mouse.down();
  await page.evaluate(() => {
    window.intervals = [];
    let before;
    const step = (now) => { if (!window.intervals) return; if (before !== undefined) window.intervals.push(now - before); before = now; requestAnimationFrame(step); };
    requestAnimationFrame(step);
  });
  for (let began = Date.now(), at = began; at - began < PANNED; at = Date.now()) await to((at - began) / 2000);
  const intervals = await page.evaluate(() => { const seen = window.intervals; window.intervals = null; return seen; });
  await to(0.5);
  await page.mouse.up();
  return intervals;
}

/** The same with no tile, which is what the browser itself needs for such a map on this machine. */
async function panEmpty(view) {
  const context = await fresh();
  await context.route('**/tiles/**', (r) => r.fulfill({ status: 204 }));
  const intervals = await pan((await shownIn(context, view)).page);
  await context.close();
  return intervals;
}

/** Bytes of a file as the server sends it by gzip, which every browser takes, also without HTTPS. Asked for anew, as what came through the service worker is told unpacked. */
const sent = (url) => new Promise((done, failed) => {
  get(url, { headers: { 'Accept-Encoding': 'gzip' } }, (answer) => {
    let bytes = 0;
    answer.on('data', (chunk) => { bytes += chunk.length; });
    answer.on('end', () => (answer.statusCode === 200 ? done(bytes) : failed(new Error(`${answer.statusCode} ${url}`))));
  }).on('error', failed);
});
const scriptBytes = async (scripts) => (await Promise.all([...scripts].map(sent))).reduce((sum, n) => sum + n, 0);

const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
const centreOf = (page) => new URL(page.url()).searchParams.get('extent');

async function measure(view) {
  const cold = [], warm = [], intervals = [], bare = [];
  let script = 0;
  for (let round = 0; round < Number(ROUNDS); round++) {
    const context = await fresh();
    const first = await shownIn(context, view);
    cold.push(first.shown);
    script = await scriptBytes(first.scripts);
    if (round === 0 && process.env.PICTURES) await first.page.screenshot({ path: `${process.env.PICTURES}/${view.name.replaceAll(' ', '_')}.png` });
    if (view.pan) {
      const before = centreOf(first.page);
      intervals.push(...await pan(first.page));
      await first.page.waitForFunction((b) => new URL(location.href).searchParams.get('extent') !== b, before); // it was moved
      bare.push(...await panEmpty(view));
    }
    await first.page.close();
    warm.push((await shownIn(context, view)).shown);
    await context.close();
  }
  const seen = { 'shown after, cold, ms': quantile(cold, 0.5), 'shown after, warm, ms': quantile(warm, 0.5), 'script, bytes': script };
  if (!view.pan) return seen;
  return { ...seen, frames: intervals.length, 'frame, median ms': quantile(intervals, 0.5), 'frame of the empty map, median ms': quantile(bare, 0.5), 'times the empty map': quantile(intervals, 0.5) / quantile(bare, 0.5), 'frame, 95 % ms': quantile(intervals, 0.95), 'frame, longest ms': Math.max(...intervals), [`frames over ${SLOW} ms`]: intervals.filter((i) => i > SLOW).length };
}

const out = {};
for (const view of JSON.parse(VIEWS)) out[view.name] = await measure(view);
await browser.close();
console.log(JSON.stringify(out));
