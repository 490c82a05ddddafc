// The map on imported roads and water; tests/e2e/test_imported_basemap.py starts it, with a server that has those of 示范区.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, base, launch, open, parameters, PHONE, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const NAMES = { zh: '道路与水系', en: 'Roads and water' };
const settled = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-idle]');
const near = (lon, lat, zoom) => `/?view=map&level=village&extent=${lon},${lat},${zoom}`;
const requestsOf = (page) => { const urls = []; page.on('request', (r) => urls.push(r.url())); return urls; };
const roads = (urls) => urls.filter((u) => u.includes('/tiles/basemap/'));
const painted = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-painted]');
/** The colours of the map along a line of pixels. */
const row = (page) => page.evaluate(() => {
  const map = document.querySelector('.stage canvas'), copy = new OffscreenCanvas(map.width, 1).getContext('2d');
  copy.drawImage(map, 0, 420 * devicePixelRatio, map.width, 1, 0, 0, map.width, 1);
  return [...copy.getImageData(0, 0, map.width, 1).data];
});
/** How many parts of a hundred of two such lines differ. */
const apart = (a, b) => (100 * a.filter((value, i) => Math.abs(value - b[i]) > 8).length) / a.length;
async function until(what, holds) {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  assert.fail(what);
}

test('off at first; switched on it lies below the cells, asks our own server alone, and goes off again', async () => {
  const { page, close } = await open();
  const urls = requestsOf(page);
  await signIn(page, 'leader', near(124.25, 30.12, 12.4));
  await painted(page);
  await page.waitForSelector('.layers .basemap');
  assert.deepEqual(roads(urls), [], 'off by default');
  const bare = await row(page);
  await page.selectOption('.layers .basemap', { label: NAMES.zh });
  await until('drawn on', async () => roads(urls).length > 0 && apart(await row(page), bare) > 3);
  assert.equal(parameters(page).get('basemap'), NAMES.zh);
  await settled(page);
  assert.match(await page.textContent('.basemap_notes'), /演示数据·合成.*gridward simulate/);
  assert.ok(roads(urls).every((u) => u.startsWith(`${base}/tiles/basemap/`)));
  await accessible(page, '道路与水系');
  await picture(page, 'roads_light');
  const ways = urls.length;
  await page.reload();
  await until('asked again', () => roads(urls.slice(ways)).length > 0);
  await settled(page);
  await page.selectOption('.layers .basemap', { label: '无底图' });
  await until('drawn on nothing', async () => apart(await row(page), bare) < 1);
  await close();
});

for (const [theme, language] of [['dark', 'zh'], ['light', 'en'], ['dark', 'en']]) {
  test(`names along roads, close by and from afar: ${theme}, ${language}`, async () => {
    const { page, close } = await open({ theme, language });
    const urls = requestsOf(page);
    await signIn(page, 'leader', `${near(124.16, 30.17, 14.2)}&basemap=${encodeURIComponent(NAMES.zh)}`);
    await settled(page);
    await until('roads', () => roads(urls).length > 0);
    await settled(page);
    assert.equal(await page.locator('.layers .basemap option:checked').textContent(), NAMES[language]);
    await accessible(page, `${theme} ${language}`);
    await picture(page, `roads_near_${theme}_${language}`);
    for (const [name, zoom] of [['middle', 12.2], ['far', 10.2]]) {
      await page.goto(`${base}${near(124.25, 30.12, zoom)}&day=2025-12-31&basemap=${encodeURIComponent(NAMES.zh)}`);
      await settled(page);
      await picture(page, `roads_${name}_${theme}_${language}`);
    }
    await close();
  });
}

test('on a phone too', async () => {
  const { page, close } = await open({ size: PHONE });
  const urls = requestsOf(page);
  await signIn(page, 'leader', `${near(124.25, 30.12, 12.4)}&basemap=${encodeURIComponent(NAMES.zh)}`);
  await settled(page);
  await until('roads', () => roads(urls).length > 0);
  await settled(page);
  await accessible(page, '手机');
  await picture(page, 'roads_phone');
  await close();
});
