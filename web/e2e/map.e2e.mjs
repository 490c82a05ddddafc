// What a leader does first: sign in, see what waits, look at the map, choose, read figures and people, open the records.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, base, launch, open, parameters, PHONE, picture, pinned, quit, signIn, TABLET } from './browser.mjs';

before(launch);
after(quit);

const mapReady = (page) => page.waitForSelector('.map_view[data-ready] .canvas[data-idle]');
const settled = (page) => page.waitForSelector('.map_view[data-ready]');

test('a wrong password is told with what to do, the right one opens what waits', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/', 'wrong');
  await page.waitForFunction(() => document.querySelector('.refusal').textContent.includes('15分钟'));
  await accessible(page, 'the door');
  await signIn(page, 'leader', null);
  await page.waitForSelector('.home[data-ready]');
  assert.equal(await page.textContent('.synthetic'), '演示数据·合成');
  await page.waitForFunction(() => [...document.querySelectorAll('.card .big')].length === 5 && [...document.querySelectorAll('.card .big')].every((n) => /^[0-9,]+$/.test(n.textContent)));
  await page.waitForSelector('#overdue_hazards ~ *, .card .table td');
  await accessible(page, '待办');
  await picture(page, 'home');
  await close();
});

test('a number opens the very records that it counts', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map&level=town&measure=overdue_hazards&panel=');
  await mapReady(page);
  const row = page.locator('.panel tbody tr.choosable').first();
  const n = Number(await row.locator('a.count').textContent());
  assert.ok(n > 1);
  await row.locator('a.count').click();
  await page.waitForSelector('dialog.records .table tbody tr');
  assert.match(await page.textContent('dialog.records [role=status]'), new RegExp(`共 ${n} 条`));
  assert.match(parameters(page).get('records'), /^\/api\/v1\/hazards\?.*overdue_at=/);
  await accessible(page, '明细');
  await page.keyboard.press('Escape');
  await page.waitForSelector('dialog.records', { state: 'detached' });
  await close();
});

test('a click on the map shows the chain of people and the figures, and the address tells it all', async () => {
  const { page, context, close } = await open();
  await signIn(page, 'leader', '/?view=map');
  await mapReady(page);
  const box = await page.locator('.canvas').boundingBox();
  await page.mouse.click(box.x + box.width * 0.55, box.y + box.height * 0.45);
  await page.waitForFunction(() => new URL(location.href).searchParams.get('cell'));
  const cell = parameters(page).get('cell');
  await page.waitForSelector(`.detail[data-cell="${cell}"] .figures td`);
  assert.equal(await page.locator('.chain > li').count(), 3); // village, town, district
  const name = await page.textContent('.detail h2');
  await accessible(page, '地图');
  await picture(page, 'map');
  const other = await context.newPage(); // a colleague opens the address
  await other.goto(page.url());
  await other.waitForSelector(`.detail[data-cell="${cell}"]`);
  assert.equal(await other.textContent('.detail h2'), name);
  await close();
});

test('the legend tells zero, no data and not significant apart, and opens the list of what is not on the map', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map&measure=hazard_density');
  await mapReady(page);
  const legend = await page.textContent('.legend');
  for (const word of ['无数据', '与总体差别不显著']) assert.ok(legend.includes(word), word);
  const off = Number(/未上图 ([\d,]+)/.exec(legend)[1].replace(',', ''));
  await page.click('.legend button.link');
  await page.waitForFunction(() => new URL(location.href).searchParams.get('panel') === 'off_map');
  const counts = await page.locator('.panel a.count').allTextContents();
  assert.equal(counts.reduce((n, c) => n + Number(c.replace(',', '')), 0), off);
  await close();
});

test('the tree reaches the enterprise, and cells without a shape are as usable as others', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map&panel=tree');
  await settled(page);
  await page.click('.tree > ul > li > ul > li:nth-child(8) .twig'); // a town
  await page.click('.tree ul ul ul > li:first-child .twig');
  const leaf = page.locator('.tree ul ul ul ul .leaf').first();
  await leaf.click();
  await page.waitForSelector('.detail .facts');
  await page.goto(base + pinned('/?view=map&panel=off_map'));
  await settled(page);
  await page.locator('.panel tbody tr.choosable', { hasText: '无图形' }).click();
  await page.waitForFunction(() => document.querySelector('.detail header')?.textContent.includes('无图形') && document.querySelector('.detail .figures td'));
  await page.locator('.panel tbody tr.choosable', { hasText: '已撤并' }).first().click(); // one that has ended says when it lived, and leads there
  await page.getByRole('button', { name: /^查看/ }).click();
  await page.waitForSelector('.detail .chain .who');
  await close();
});

test('search finds by name and by code', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map');
  await settled(page);
  for (const [text, name] of [['临港合并', '临港合并社区'], ['990101102000', '东渡镇']]) {
    await page.fill('.search input', text);
    await page.waitForFunction((n) => document.querySelector('#search_list li')?.textContent.includes(n), name);
    await page.keyboard.press('Enter');
    await page.waitForFunction((n) => document.querySelector('.detail h2')?.textContent === n, name);
  }
  await close();
});

test('layers: enterprises as counted points, hot spots and heat', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map&measure=hazards_per_enterprise&layers=enterprises,hotspots,heat');
  await mapReady(page);
  await page.waitForSelector('.legend .heat_legend');
  await page.waitForFunction(() => /企业.*重大（红）.*未上图 0.*热力.*未上图 \d+/s.test(document.querySelector('.legend').textContent)); // every legend tells what it does not show
  await page.waitForFunction(() => /热点 \d+/.test(document.querySelector('.layers')?.textContent ?? ''));
  await picture(page, 'layers');
  await close();
});

test('the map of another day is another map', async () => {
  const rows = [];
  for (const day of ['2024-06-30', '2025-12-31']) { // a merge lies between
    const { page, close } = await open();
    await signIn(page, 'leader', `/?view=map&day=${day}`);
    await mapReady(page);
    rows.push(await page.textContent('.cell_table .bar small'));
    await close();
  }
  assert.notEqual(rows[0], rows[1]);
});

test('English is one click away; dark, on a tablet and on a phone nothing is lost', async () => {
  for (const [size, theme, name] of [[TABLET, 'light', 'tablet'], [PHONE, 'dark', 'phone']]) {
    const { page, close } = await open({ size, theme });
    await signIn(page, 'leader', '/?view=map&cell=2');
    await settled(page);
    await page.click('header button[lang=en]');
    assert.equal(await page.getAttribute('html', 'lang'), 'en');
    if (size === PHONE) await page.click('.panes button:nth-child(2)');
    await page.waitForSelector('.panel tbody tr.choosable');
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
    await accessible(page, `${name} ${theme}`);
    await picture(page, name);
    await close();
  }
});

test('who is signed out by the server goes on where they were', async () => {
  const { page, context, close } = await open();
  await signIn(page, 'leader', '/?view=map&cell=2');
  await page.waitForSelector('.detail[data-cell="2"]');
  await context.clearCookies();
  await page.click('.choice input >> nth=1');
  await page.waitForFunction(() => document.querySelector('.door')?.textContent.includes('登录已过期'));
  await signIn(page, 'leader', null);
  await page.waitForSelector('.door', { state: 'detached' });
  assert.equal(parameters(page).get('cell'), '2');
  await close();
});

test('all scripts of the map and the charts together are under 700 KB over the wire', async () => {
  const { page, close } = await open();
  const scripts = new Map();
  page.on('response', async (r) => { if (/[.]m?js$/.test(r.url())) scripts.set(r.url(), Number(r.headers()['content-length'])); });
  await signIn(page, 'leader', '/?view=map');
  await mapReady(page);
  await page.goto(base + pinned('/?view=regions'));
  await page.waitForSelector('[aria-labelledby=by_town] svg');
  const worker = await page.evaluate(async () => [...performance.getEntriesByType('resource')].map((e) => e.name).find((n) => /worker/.test(n)) ?? null);
  assert.ok([...scripts.keys()].some((u) => /maplibre-gl-worker/.test(u)) || worker === null || scripts.has(worker));
  const total = [...scripts.values()].reduce((a, b) => a + b, 0);
  assert.ok(scripts.size >= 4 && total > 300_000 && total < 700_000, `${total} bytes in ${scripts.size} scripts`);
  await close();
});

test('the legend with all layers leaves the map to be used, also in a low window and on a phone', async () => {
  for (const size of [{ width: 1280, height: 720 }, PHONE]) {
    const { page, close } = await open({ size });
    await signIn(page, 'leader', '/?view=map&measure=hazards_per_enterprise&layers=enterprises,hazards,hotspots,heat');
    await (size === PHONE ? page.waitForSelector('.legend summary') : mapReady(page));
    if (!(await page.locator('.legend').getAttribute('open').then((o) => o !== null))) await page.click('.legend > summary');
    await page.waitForFunction(() => document.querySelectorAll('.legend .keys').length === 3);
    const [legend, stage] = await Promise.all(['.legend', '.stage'].map((s) => page.locator(s).boundingBox()));
    assert.ok(legend.width * legend.height < 0.3 * stage.width * stage.height, `the legend covers too much: ${JSON.stringify([legend, stage])}`);
    const keys = page.locator('.legend details.keys > summary').first(); // what is folded opens by the keyboard
    await keys.focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.legend details.keys[open] li');
    await accessible(page, 'legend');
    await picture(page, `legend_all_${size.width}`);
    await close();
  }
});

test('the contract has a page, in Chinese and by one click in English', async () => {
  const { page, close } = await open();
  await page.goto(`${base}/docs`);
  assert.match(await page.textContent('h1'), /接口文档/);
  await page.getByRole('button', { name: 'English' }).click();
  await page.waitForFunction(() => document.querySelector('h1').textContent === 'Gridward API' && document.documentElement.lang === 'en');
  await picture(page, 'docs');
  await page.waitForFunction(() => /hazards/i.test(document.querySelector('rapi-doc')?.shadowRoot?.textContent ?? ''));
  await close();
});
