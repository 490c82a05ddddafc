// The map on basemaps of the intranet; tests/e2e/test_basemaps.py starts it, with a server that has some.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, parameters, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const tiles = process.env.TILES;
const settled = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-idle]');
const choose = (page, label) => page.selectOption('.layers .basemap', { label });
/** Waits until something holds, and fails with what was looked for. */
async function until(what, holds) {
  for (let i = 0; i < 100; i++) {
    if (await holds()) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  assert.fail(what);
}
const requestsOf = (page) => { const urls = []; page.on('request', (r) => urls.push(r.url())); return urls; };
const extent = (page) => (parameters(page).get('extent') ?? '0,0,0').split(',').map(Number);
const zoomedIn = (page) => until('zoomed in', () => extent(page)[2] > 12);
const near = (a, b) => Math.abs(a[0] - b[0]) < 2e-4 && Math.abs(a[1] - b[1]) < 2e-4;
/** The colour of a pixel of the map. */
const pixel = (page, x, y) => page.evaluate(([px, py]) => {
  const map = document.querySelector('.stage canvas'), copy = new OffscreenCanvas(1, 1).getContext('2d');
  copy.drawImage(map, px * devicePixelRatio, py * devicePixelRatio, 1, 1, 0, 0, 1, 1);
  return [...copy.getImageData(0, 0, 1, 1).data];
}, [x, y]);

test('none at first; one that is chosen lies below the cells, and stays in the address', async () => {
  const { page, close } = await open();
  const urls = requestsOf(page);
  await signIn(page, 'leader', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await page.waitForSelector('.layers .basemap');
  await settled(page);
  assert.equal(urls.filter((u) => u.startsWith(tiles)).length, 0, 'off by default');
  const { height } = await page.locator('.stage canvas').boundingBox(), corner = [270, height - 80];
  const bare = await pixel(page, ...corner);
  await choose(page, '底图甲');
  const same = async () => String(await pixel(page, ...corner)) === String(bare);
  await until('drawn on', async () => urls.some((u) => u.startsWith(`${tiles}/plain/`)) && !(await same()));
  assert.match(await page.textContent('.basemap_notes'), /GS\(2024\)0000号/);
  assert.equal(await page.locator('.basemap_notes .moved').count(), 0);
  assert.equal(parameters(page).get('basemap'), '底图甲');
  await accessible(page, '底图');
  await picture(page, 'basemap');
  await choose(page, '无底图');
  await until('drawn on nothing', same);
  await choose(page, '底图丙');
  await page.waitForSelector('.basemap_notes .failed');
  await close();
});

test('on one in GCJ-02 all that is ours is drawn moved, with a notice, and nothing is drawn upon it', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map&level=village');
  await page.waitForSelector('.map_view[data-ready]');
  await page.fill('.cell_table input[type=search]', '云帆3村');
  await page.check('.panel input[type=checkbox][aria-label="选择 云帆3村"]');
  await page.locator('.cell_table td .link', { hasText: '云帆3村' }).click();
  await page.waitForSelector('.detail[data-cell]');
  const cell = Number(parameters(page).get('cell'));
  await page.getByRole('button', { name: '缩放到此' }).click();
  await zoomedIn(page);
  const [lon, lat] = extent(page);
  const urls = requestsOf(page);
  await choose(page, '底图乙');
  await page.waitForSelector('.basemap_notes .moved');
  await until('moved tiles', () => urls.some((u) => u.includes('/tiles/gcj02/villages/')) && urls.some((u) => u.startsWith(`${tiles}/moved/`)));
  urls.length = 0;
  await page.getByRole('button', { name: '缩小' }).click();
  await until('more of them', () => urls.some((u) => u.includes('/tiles/gcj02/villages/')));
  assert.deepEqual(urls.filter((u) => /\/tiles\/(villages|towns)\//.test(u)), [], 'none where it truly is');
  await accessible(page, 'GCJ-02');
  await picture(page, 'basemap_gcj02');
  assert.ok(near(extent(page), [lon, lat]), 'the same land is looked at');
  await page.goto(`${new URL(page.url()).origin}/?view=map&day=2025-12-31&basemap=${encodeURIComponent('底图乙')}&zoom_to=${cell}`);
  await page.waitForSelector('.basemap_notes .moved');
  await until('the cell is where it is drawn', () => near(extent(page), [lon, lat]));
  await settled(page);
  const { x, y, width, height } = await page.locator('.stage canvas').boundingBox();
  await page.mouse.click(x + width / 2, y + height / 2);
  await page.waitForSelector('.detail[data-cell]');
  const there = await page.evaluate(async ([a, b]) => (await (await fetch(`/api/v1/locate?lon=${a}&lat=${b}&at=2025-12-31`)).json()).chain[0].cell.id, [lon, lat]);
  assert.equal(Number(parameters(page).get('cell')), there, 'a click finds what truly lies there');
  await page.fill('.cell_table input[type=search]', '云帆3村');
  await page.check('.panel input[type=checkbox][aria-label="选择 云帆3村"]');
  await page.getByRole('button', { name: '划线拆分' }).click();
  assert.match(await page.textContent('.tools.drawing'), /GCJ-02.*不能在上面划线/);
  await close();
});

test('the page can ask the basemaps that are named and no other server', async () => {
  const { page, context } = await open();
  await signIn(page, 'leader', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  const asked = (url) => page.evaluate((u) => fetch(u).then((r) => r.status, () => 'refused'), url);
  assert.equal(await asked(`${tiles}/plain/1/1/1.png`), 200);
  assert.equal(await asked(`${tiles.replace('127.0.0.1', 'localhost')}/plain/1/1/1.png`), 'refused');
  await context.close(); // the refusal is a complaint in the console, as it has to be
});
