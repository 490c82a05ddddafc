// A browser on the real server: signs in, and holds every page to what all of them owe.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

export const base = process.env.GRIDWARD;
const allowed = [base, ...(process.env.TILES ? [process.env.TILES] : [])]; // the server, and the basemaps that its settings name
const passwords = JSON.parse(process.env.PASSWORDS);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.PICTURES;
const SWIFTSHADER = ['--no-sandbox', '--disable-dev-shm-usage', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

export const DESKTOP = { width: 1440, height: 900 }, TABLET = { width: 834, height: 1112 }, PHONE = { width: 390, height: 844 };

let browser;
export const launch = async () => { browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: SWIFTSHADER }); };
/** Closes the browser; a page that is still open is one whose test failed: what it shows and what it was refused is told. */
export async function quit() {
  for (const context of browser.contexts()) {
    for (const page of context.pages()) {
      console.log(`left at ${page.url()}\nrefused: ${refused.get(context)?.join(', ')}\n${await page.locator('body').innerText().catch(String)}`);
      await picture(page, `left_${Date.now()}`);
    }
  }
  await browser.close();
}
const refused = new WeakMap();

/** Where a request of the page went that is not ours, and what the page said in its console that it should not. */
function watch(context) {
  const strangers = [], complaints = [], answers = [];
  refused.set(context, answers);
  context.on('response', (r) => { if (r.status() >= 400) answers.push(`${r.status()} ${r.url()}`); });
  context.on('requestfailed', (r) => answers.push(`${r.failure()?.errorText} ${r.url()}`));
  context.on('request', (r) => { if (!allowed.some((a) => r.url().startsWith(`${a}/`)) && !/^(data|blob):/.test(r.url())) strangers.push(r.url()); });
  context.on('page', (page) => {
    page.on('pageerror', (e) => complaints.push(e.stack ?? String(e)));
    page.on('console', (m) => { if (m.type() === 'error' && !/^Failed to load resource/.test(m.text())) complaints.push(m.text()); }); // a refused request is the page's to handle
  });
  return { strangers, complaints };
}

/** A page of its own; `language` and `theme` as chosen before. */
export async function open({ size = DESKTOP, language = 'zh', theme = 'light', offline = false } = {}) {
  const context = await browser.newContext({ viewport: size, hasTouch: size.width < 500, reducedMotion: 'reduce', offline });
  await context.addInitScript(([l, t]) => { if (location.protocol === 'about:') return; localStorage.setItem('gridward.language', l); localStorage.setItem('gridward.theme', t); }, [language, theme]);
  const seen = watch(context);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { context, page, close: async () => {
    await context.close();
    assert.deepEqual(seen.strangers, [], 'no request leaves the machine');
    assert.deepEqual(seen.complaints, [], 'nothing fails in the page');
  } };
}

/** The last day of which 示范区 has records when it is made: flows that record today are not to move what others look at. */
export const pinned = (address) => (/view=(map|regions)/.test(address) && !/day=/.test(address) ? `${address}&day=2025-12-31` : address);

export async function signIn(page, name, address = '/', password = passwords[name]) {
  if (address !== null) await page.goto(base + pinned(address));
  await page.fill('input[name=username]', name);
  await page.fill('input[name=password]', password);
  await page.click('.door button.primary');
}

/** Another who works on the server at the same time, by a program: (method, path, body) to what is answered. */
export async function program(name) {
  const headers = { 'Content-Type': 'application/json' };
  const asked = async (method, path, body) => {
    const answer = await fetch(base + path, { method, headers: { ...headers, ...(method !== 'GET' && { 'Idempotency-Key': randomUUID(), 'If-Match': '*' }) }, ...(body && { body: JSON.stringify(body) }) });
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok || (await answer.text())}`);
    return answer.status === 204 ? null : answer.json();
  };
  headers.Authorization = `Bearer ${(await asked('POST', '/api/v1/sessions', { username: name, password: passwords[name] })).token}`;
  return asked;
}

/** Holds the page to WCAG 2.2 AA as far as axe-core can see. */
export async function accessible(page, what) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  const found = violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.id}: ${v.nodes.map((n) => `${n.target} ${n.any[0]?.message ?? ''}`).slice(0, 4).join(' | ')}`);
  assert.deepEqual(found, [], `${what} has no serious violation`);
}

/** Waits until the page is kept in this browser, so that it opens without a network. */
export const installed = (page) => page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

/** A picture for whoever looks at the tests' results. */
export async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

export const parameters = (page) => new URL(page.url()).searchParams;
