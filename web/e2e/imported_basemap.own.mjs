// The map on imported roads and water; tests/e2e/test_imported_basemap.py starts it, with a server that has those of 示范区.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, base, launch, open, parameters, PHONE, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const NAMES = { zh: '道路与水系', en: 'Roads and water' };
const painted = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-painted]');
/** Until what is drawn stays. */
async function settled(page) {
  await painted(page);
  for (let before = null, i = 0; i < 30; i++) {
    const now = String(await row(page));
    if (now === before) return;
    before = now;
    await page.waitForTimeout(800);
  }
}
const near = (lon, lat, zoom) => `/?view=map&level=village&extent=${lon},${lat},${zoom}`;
const requestsOf = (page) => { const urls = []; page.on('request', (r) => urls.push(r.url())); return urls; };
const roads = (urls) => urls.filter((u) => u.includes('/tiles/basemap/'));
/** The colours of the map along a line of pixels. */
const row = (page) => page.evaluate(() => {
  const map = document.querySelector('.stage canvas'), copy = new OffscreenCanvas(map.width, 1).getContext('2d');
  copy.drawImage(map, 0, 420 * devicePixelRatio, map.width, 1, 0, 0, map.width, 1);
  return [...copy.getImageData(0, 0, map.width, 1).data];
});
/** How many pixels of the map are as blue as nothing is but water. */
const water = (page) => page.evaluate(() => {
  const map = document.querySelector('.stage canvas'), copy = new OffscreenCanvas(map.width, map.height).getContext('2d');
  copy.drawImage(map, 0, 0);
  const { data } = copy.getImageData(0, 0, map.width, map.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] > 150 && data[i + 2] > data[i] + 20 && data[i + 1] > data[i] + 5) found++;
  return found;
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
  const dry = await water(page);
  assert.ok(dry < 1000, `no water at first: ${dry}`);
  await page.selectOption('.layers .basemap', { label: NAMES.zh });
  await until('drawn on', async () => roads(urls).length > 0 && (await water(page)) > 5000);
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
      const wet = await water(page);
      assert.ok(wet > 2000, `${name}, ${theme}: water is drawn: ${wet}`);
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

test('a coordinator imports roads without a recipe in sight: their words are known, a trial tells the bad row, and the map has them', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'gridward-e2e-'));
  const road = (properties, coordinates) => ({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates } });
  const made = (name, features) => {
    writeFileSync(join(scratch, 'source.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
    execFileSync('ogr2ogr', ['-f', 'GPKG', '-t_srs', 'EPSG:4549', join(scratch, name), join(scratch, 'source.geojson')]); // metres of a Gauss-Krüger zone, as offices have them
    return join(scratch, name);
  };
  const roadsOf = (more) => [road({ 道路等级: '国道', 道路名称: '导入国道' }, [[124.2, 30.1], [124.3, 30.13]]), road({ 道路等级: more, 道路名称: '导入路' }, [[124.2, 30.13], [124.3, 30.1]])];
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=imports');
  await page.waitForSelector('.imports');
  await page.selectOption('select[name=kind]', 'road');
  await page.setInputFiles('input[type=file]', made('bad.gpkg', roadsOf('天路')));
  await page.waitForFunction(() => document.querySelector('select[name=class]')?.value === '道路等级' && document.querySelector('select[name=name]')?.value === '道路名称');
  await page.fill('input[name=credit]', '市测绘院 GS(2025)0000号');
  await page.getByRole('button', { name: '试导入', exact: true }).click();
  await page.waitForSelector('.report tbody tr');
  assert.match(await page.textContent('.report'), /1 处错误.*道路等级.*天路/s);
  await accessible(page, '导入道路');
  await picture(page, 'roads_import');
  await page.setInputFiles('input[type=file]', made('good.gpkg', roadsOf('主干道')));
  await page.waitForFunction(() => document.querySelector('select[name=class]')?.value === '道路等级');
  await page.getByRole('button', { name: '试导入', exact: true }).click();
  const looks = await open();
  await signIn(looks.page, 'leader', `${near(124.25, 30.115, 12.4)}&day=2025-12-31&basemap=${encodeURIComponent(NAMES.zh)}`);
  await looks.page.waitForSelector('.basemap_notes');
  await page.getByRole('button', { name: '写入', exact: true }).click();
  await page.waitForFunction(() => /已写入.*新增 2.*替换原有的884个图形/s.test(document.querySelector('.report')?.textContent ?? ''));
  await looks.page.waitForSelector('.basemap_notes >> text=GS(2025)0000号'); // a map that was open meanwhile
  await looks.close();
  const urls = requestsOf(page);
  await page.goto(`${base}${near(124.25, 30.115, 12.4)}&day=2025-12-31&basemap=${encodeURIComponent(NAMES.zh)}`);
  await painted(page);
  await until('roads', () => roads(urls).length > 0);
  await settled(page);
  assert.match(await page.textContent('.basemap_notes'), /GS\(2025\)0000号/);
  await picture(page, 'roads_imported');
  await close();
  rmSync(scratch, { recursive: true });
});
