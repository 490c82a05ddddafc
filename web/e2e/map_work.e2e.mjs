// A coordinator works on the map: puts cells together by click, box and lasso, cuts one by a line, draws a border anew, asks for even loads, and sees what is wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, parameters, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10); // where 示范区 lies
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const selected = (page) => (parameters(page).get('selected') ?? '').split(',').filter(Boolean).map(Number);
const mapReady = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-idle]');

/** Pixels of a place on the page, by the extent that the address tells. */
async function pixels(page, lon, lat) {
  const [clon, clat, zoom] = parameters(page).get('extent').split(',').map(Number);
  const world = 512 * 2 ** zoom, y = (deg) => Math.log(Math.tan(Math.PI / 4 + (deg * Math.PI) / 360)) / (2 * Math.PI);
  const box = await page.locator('.canvas').boundingBox();
  return [box.x + box.width / 2 + ((lon - clon) / 360) * world, box.y + box.height / 2 - (y(lat) - y(clat)) * world];
}

/** West, south, east and north of a village, which in 示范区 is a rectangle. */
const extent = (page, cell) => page.evaluate(async (c) => {
  const points = (await (await fetch(`/api/v1/cells/${c}?format=geojson`)).json()).geometry.coordinates.flat(2), xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}, cell);
const idOf = (page, name) => page.evaluate(async (n) => (await (await fetch(`/api/v1/cells?level=village&q=${encodeURIComponent(n)}`)).json()).items.find((c) => c.name === n).id, name);

async function click(page, [x, y]) {
  await page.mouse.move(x - 15, y - 15);
  await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.click(x, y);
  await page.waitForTimeout(350); // a second click sooner is a double click
}

async function begin(what, name) {
  const one = await open();
  const { page } = one;
  await signIn(page, 'coordinator', '/?view=map');
  await mapReady(page);
  const cell = await idOf(page, name);
  await page.fill('.cell_table input[type=search]', name);
  await page.check(`.panel input[type=checkbox][aria-label="选择 ${name}"]`);
  await press(page, what);
  await page.waitForFunction(() => /点末点/.test(document.querySelector('.drawing')?.textContent ?? ''));
  await page.waitForFunction(() => Number(new URL(location.href).searchParams.get('extent')?.split(',')[2]) > 11); // it has come to the front
  await page.waitForTimeout(800);
  return { ...one, cell, at: await extent(page, cell) };
}

async function draft(page, reason) {
  await page.fill('dialog input[name=reason]', reason);
  await page.click('dialog.form footer button.primary');
  await page.waitForSelector('section[data-plan=draft]');
  await page.waitForSelector('section[data-plan] .told, section[data-plan] .problems');
}

test('cells are put together by click, box and lasso, and merged', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await mapReady(page);
  await accessible(page, '地图工具');
  const village = await idOf(page, '青石5社区'), other = await idOf(page, '青石6社区');
  const [[w, s, e, n], [w2, s2, e2, n2]] = [await extent(page, village), await extent(page, other)];
  await press(page, '点选');
  await click(page, await pixels(page, (w + e) / 2, (s + n) / 2));
  await page.waitForFunction((c) => new URL(location.href).searchParams.get('selected') === String(c), village);
  await click(page, await pixels(page, (w + e) / 2, (s + n) / 2)); // and out again
  await page.waitForFunction(() => !new URL(location.href).searchParams.get('selected'));
  const west = Math.min(w, w2), south = Math.min(s, s2), east = Math.max(e, e2), north = Math.max(n, n2);
  const corners = [[west, north], [east, north], [east, south], [west, south]];
  const drag = async (places) => {
    const [first, ...rest] = await Promise.all(places.map(([x, y]) => pixels(page, x, y)));
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const p of rest) await page.mouse.move(...p, { steps: 4 });
    await page.mouse.up();
  };
  for (const [name, places] of [['框选', [corners[0], corners[2]]], ['圈选', corners]]) {
    await press(page, name);
    await drag(places);
    await page.waitForFunction(() => new URL(location.href).searchParams.get('selected'));
    assert.deepEqual(selected(page).sort((a, b) => a - b), [village, other].sort((a, b) => a - b), name);
    if (name === '框选') await press(page, '清除');
  }
  await picture(page, 'map_selected');
  await press(page, '放入调整方案');
  await page.check('dialog.form input[value=merge]');
  await page.fill('dialog input[name=title]', '青石两社区合并');
  await accessible(page, '合并');
  await draft(page, '试验');
  assert.match(await page.textContent('.operations'), /合并.*青石5社区、青石6社区.*青石5社区/s);
  await press(page, '作废');
  await close();
});

test('enterprises by lasso into another village', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map&layers=enterprises');
  await mapReady(page);
  const [w, s, e, n] = await extent(page, await idOf(page, '听涛2社区'));
  await press(page, '框选');
  await page.selectOption('.tools select', 'enterprises');
  const [from, to] = [await pixels(page, w, n), await pixels(page, e, s)];
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => new URL(location.href).searchParams.get('enterprises'));
  const ids = parameters(page).get('enterprises').split(',');
  const inside = await page.evaluate(async (box) => (await (await fetch(`/api/v1/cells?level=enterprise&limit=1000&bbox=${box}`)).json()).items.length, [w, s, e, n].join());
  assert.ok(ids.length > 0 && Math.abs(ids.length - inside) <= 2, `${ids.length} of ${inside}`); // pixels are not degrees
  await press(page, '放入调整方案');
  await page.waitForSelector('dialog .people_list button');
  await page.locator('dialog .people_list button').first().click();
  await page.fill('dialog input[name=title]', '企业换村居');
  await draft(page, '试验');
  assert.equal(await page.locator('.operations tbody tr').count(), ids.length);
  await press(page, '作废');
  await close();
});

test('a cell is cut by a line that snaps to its border, and seen before and after', async () => {
  const { page, close, at: [w, s, e, n] } = await begin('划线拆分', '临港8社区');
  const middle = (w + e) / 2;
  await click(page, (await pixels(page, middle, n)).map((p, i) => p + (i ? 5 : 0))); // beside the border: it snaps
  await click(page, await pixels(page, middle + (e - w) / 8, (s + n) / 2));
  await click(page, (await pixels(page, middle, s)).map((p, i) => p - (i ? 5 : 0)));
  await picture(page, 'map_cut');
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog input[name=code1]');
  await accessible(page, '划线拆分');
  await draft(page, '试验');
  assert.match(await page.textContent('section[data-plan] .told'), /检查通过/);
  await press(page, '前后对比');
  await page.waitForSelector('.compare[data-ready] td');
  const rows = await page.locator('.compare table tbody th').allTextContents();
  assert.deepEqual(rows.filter((r) => /（[东西]）/.test(r)).length, 2);
  await accessible(page, '前后对比');
  await picture(page, 'plan_compare');
  await press(page, '作废');
  await close();
});

test('a border is drawn anew: what a cell gains its neighbour loses', async () => {
  const { page, close, at: [w, s, e, n] } = await begin('调整边界', '和顺6社区');
  const before_ = (e - w) * (n - s);
  await click(page, (await pixels(page, e, n)).map((p, i) => p + (i ? 6 : -6))); // near the corner: it snaps to it
  await click(page, await pixels(page, e - (e - w) / 4, (s + n) / 2));
  await click(page, (await pixels(page, e, s)).map((p) => p - 6));
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog.form select');
  const beside = (p) => p.locator('dialog.form select').first().evaluate((s) => s.selectedOptions[0].textContent);
  assert.equal(await beside(page), '和顺7社区'); // along the line, not at its corner
  await page.fill('dialog input[name=document_no]', '示安办〔2026〕7号');
  await page.reload(); // what was drawn and written stays
  await page.waitForSelector('dialog.form select');
  await page.waitForFunction(() => document.querySelector('dialog input[name=document_no]').value === '示安办〔2026〕7号');
  assert.equal(await beside(page), '和顺7社区');
  await picture(page, 'map_border');
  await draft(page, '试验');
  assert.match(await page.textContent('section[data-plan]'), /示安办〔2026〕7号/);
  for (const word of ['调整审批表 PDF', '交接单 PDF']) assert.equal(await page.evaluate(async (a) => (await fetch(a)).status, await page.getByRole('link', { name: word }).getAttribute('href')), 200);
  await press(page, '前后对比');
  await page.waitForFunction(() => document.querySelectorAll('.heat_map[data-idle]').length === 2 && document.querySelector('.compare[data-ready]'));
  assert.deepEqual(await page.locator('.owners li').allTextContents(), ['和顺6社区', '和顺7社区']);
  await picture(page, 'compare_border');
  const plan = await page.evaluate(async (id) => (await fetch(`/api/v1/reassignments/${id}`)).json(), parameters(page).get('plan'));
  const [ring] = plan.operations[0].body.geometry.coordinates[0];
  const area = Math.abs(ring.slice(0, -1).reduce((sum, [x, y], i) => sum + (x - w) * (ring[i + 1][1] - s) - (ring[i + 1][0] - w) * (y - s), 0)) / 2;
  assert.ok(Math.abs(area / before_ - 7 / 8) < 0.01, `a triangle of an eighth is given away: ${area / before_}`);
  assert.ok(ring.some(([x, y]) => x === e && y === n), 'the end is the very vertex');
  assert.match(await page.textContent('.operations'), /划出的归 \S+/);
  await press(page, '作废');
  await close();
});

test('a cell without a shape is split by lists', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await mapReady(page);
  await page.fill('.cell_table input[type=search]', '东渡12村');
  await page.check('.panel input[type=checkbox][aria-label="选择 东渡12村"]');
  await press(page, '划线拆分');
  await page.waitForSelector('dialog.form .parted');
  await accessible(page, '按清单拆分');
  await picture(page, 'split_list');
  await draft(page, '试验');
  assert.match(await page.textContent('.operations'), /按清单拆分.*东渡12村（1）.*东渡12村（2）/s);
  await press(page, '作废');
  await close();
});

/** Some villages to the officer of the first, at once: then there is something to even out. */
const onePerson = (page, names) => page.evaluate(async ([all, day]) => {
  const headers = { 'X-CSRF-Token': (await (await fetch('/api/v1/me')).json()).csrf, 'Content-Type': 'application/json' };
  const cells = await Promise.all(all.map(async (n) => (await (await fetch(`/api/v1/cells?level=village&q=${encodeURIComponent(n)}`)).json()).items.find((c) => c.name === n)));
  const { chain } = await (await fetch(`/api/v1/cells/${cells[0].id}/ancestors`)).json();
  const person = chain[0].holders.find((h) => h.post === 'safety_officer').person.id;
  const body = { district: cells[0].district, title: '听涛暂并', reason: '试验', effective_on: day, apply: true, operations: cells.slice(1).map((c) => ({ kind: 'assign', cell: String(c.id), post: 'safety_officer', person })) };
  const answer = await fetch('/api/v1/reassignments', { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}, [names, today]);

test('even loads are proposed, seen on the map and put into a plan', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', `/?view=map&panel=balance&day=${today}`);
  await mapReady(page);
  await onePerson(page, ['听涛1社区', '听涛2社区', '听涛3社区']);
  await page.waitForSelector('.balance select option:nth-child(3)', { state: 'attached' });
  await page.selectOption('.balance select', { label: '听涛街道' });
  await press(page, '给出建议');
  await page.waitForSelector('.balance .zones tbody tr', { timeout: 60_000 });
  const [a, b] = (await page.locator('.balance .operations').first().locator('tbody tr').first().locator('td').allTextContents()).map(Number);
  assert.ok(b < a, `${a} → ${b}`);
  await page.waitForTimeout(500);
  await accessible(page, '均衡建议');
  await picture(page, 'map_balance');
  await page.locator('.balance').getByRole('button', { name: '放入调整方案' }).click();
  await draft(page, '试验');
  assert.ok((await page.locator('.operations tbody tr').count()) > 0);
  await press(page, '作废');
  await close();
});

test('findings stand on the map and in a list, by severity', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map&panel=findings&day=2026-01-31');
  await mapReady(page);
  await page.waitForSelector('.finding_list .problems li.error');
  await page.waitForTimeout(500);
  await accessible(page, '网格检查发现');
  await picture(page, 'map_findings');
  const all = Number(/全部 (\d+)/.exec(await page.textContent('.finding_list .choice'))[1]);
  await page.check('.finding_list input[name=severity] >> nth=1');
  const errors = await page.locator('.finding_list .problems li').count();
  assert.ok(errors > 0 && errors < all);
  await close();
});
