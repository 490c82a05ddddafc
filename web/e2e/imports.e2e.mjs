// A coordinator imports a table without a recipe in sight: columns are guessed, a trial tells each bad row, and what is right is written.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { zipSync } from 'fflate';
import { accessible, launch, open, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const choose = (page, rows) => page.setInputFiles('input[type=file]', { name: '人员.csv', mimeType: 'text/csv', buffer: Buffer.from(`工号,姓名,联系电话\n${rows.join('\n')}\n`) });
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const people = (page) => page.evaluate(async () => (await (await fetch('/api/v1/people?district=1&q=导入&limit=100')).json()).items.map((p) => p.name).sort());

test('people from a CSV: guessed, tried, mended, written', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=imports');
  await page.waitForSelector('.imports');
  await page.selectOption('select[name=kind]', 'person');
  await choose(page, ['W001,导入甲,10000009001', ',导入乙,10000009002']);
  await page.waitForFunction(() => document.querySelector('select[name=key]')?.value === '工号' && document.querySelector('select[name=phone]')?.value === '联系电话');
  await accessible(page, '导入');
  await press(page, '试导入');
  await page.waitForSelector('.report tbody tr');
  assert.match(await page.textContent('.report'), /1 处错误.*工号/s);
  assert.equal(await page.getByRole('button', { name: '写入' }).count(), 0);
  await accessible(page, '有错的行');
  await picture(page, 'import_bad');
  await choose(page, ['W001,导入甲,10000009001', 'W002,导入乙,10000009002']);
  await press(page, '试导入');
  await page.waitForFunction(() => /通过/.test(document.querySelector('.report')?.textContent ?? ''));
  assert.deepEqual(await people(page), []); // a trial writes nothing
  await press(page, '写入');
  await page.waitForFunction(() => /已写入.*新增 2/s.test(document.querySelector('.report')?.textContent ?? ''));
  assert.deepEqual(await people(page), ['导入乙', '导入甲']);
  await close();
});

test('who may not import is not offered to', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/');
  await page.waitForSelector('.home[data-ready]');
  assert.equal(await page.getByRole('link', { name: '导入' }).count(), 0);
  await page.goto(page.url().split('?')[0] + '?view=imports');
  assert.match(await page.textContent('main'), /此账号不能使用“导入”/);
  await close();
});

const scratch = mkdtempSync(join(tmpdir(), 'gridward-e2e-'));
after(() => rmSync(scratch, { recursive: true }));
/** A file as a bureau would send it, made by GDAL. */
function made(name, driver, features, ...options) {
  const source = join(scratch, 'source.geojson');
  writeFileSync(source, JSON.stringify({ type: 'FeatureCollection', features: features.map(([properties, geometry = null]) => ({ type: 'Feature', properties, geometry })) }));
  execFileSync('ogr2ogr', ['-f', driver, ...options, join(scratch, name), source]);
  return join(scratch, name);
}

test('people from a spreadsheet, whose names of columns stand below a title', async () => {
  const { page, close } = await open({ language: 'en' });
  await signIn(page, 'coordinator', '/?view=imports');
  await page.waitForSelector('.imports');
  assert.match(await page.textContent('.file_button'), /Choose a file….*No file chosen/); // in the page's language, not the browser's
  await page.selectOption('select[name=kind]', 'person');
  await page.setInputFiles('input[type=file]', made('people.xlsx', 'XLSX', [[{ a: '工号', b: '姓名' }], [{ a: 'X001', b: '表格甲' }], [{ a: 'X002', b: '表格乙' }]]));
  await page.waitForSelector('.imports .operations');
  await page.fill('input[name=header]', '2');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => document.querySelector('select[name=key]')?.value === '工号');
  await press(page, 'Try');
  await page.waitForFunction(() => /2 new/.test(document.querySelector('.report')?.textContent ?? ''));
  await page.route('**/api/v1/imports?*', async (r) => { await new Promise((go) => setTimeout(go, 2500)); await r.continue(); }); // a large table takes its time
  await press(page, 'Try');
  await page.waitForFunction(() => /Being checked: \d rows.*[1-9] s so far/.test(document.querySelector('.imports .waiting')?.textContent ?? ''));
  await page.waitForSelector('.report');
  await page.setInputFiles('input[type=file]', { name: '人员 名单.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') });
  await page.waitForFunction(() => document.querySelector('.trouble')?.textContent.includes('人员 名单.xlsx')); // by the name that it has for who chose it
  await close();
});

test('borders from a Shapefile that says neither its encoding nor its coordinates', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=imports');
  await page.waitForSelector('.imports');
  const [cell, town] = await page.evaluate(async () => {
    const found = (await (await fetch('/api/v1/cells?q=' + encodeURIComponent('云帆5村') + '&level=village&limit=1')).json()).items[0];
    return [await (await fetch(`/api/v1/cells/${found.id}?format=geojson`)).json(), await (await fetch(`/api/v1/cells/${found.parent}`)).json()];
  });
  const folder = join(scratch, 'borders');
  mkdirSync(folder);
  made('borders/villages.shp', 'ESRI Shapefile', [[{ 代码: cell.properties.code, 名称: '云帆五村', 街镇代码: town.code }, cell.geometry]], '-lco', 'ENCODING=GBK');
  for (const name of ['villages.cpg', 'villages.prj']) rmSync(join(folder, name));
  const body = zipSync(Object.fromEntries(readdirSync(folder).map((f) => [f, readFileSync(join(folder, f))])));
  await page.selectOption('select[name=kind]', 'village');
  await page.setInputFiles('input[type=file]', { name: '村居边界.zip', mimeType: 'application/zip', buffer: Buffer.from(body) });
  await page.waitForFunction(() => document.querySelector('select[name=parent]')?.value === '街镇代码' && document.querySelector('select[name=encoding]').value === 'GBK');
  assert.match(await page.textContent('.imports'), /文件没有说明坐标系/);
  await accessible(page, '导入边界');
  await picture(page, 'import_borders');
  await press(page, '试导入');
  await page.waitForFunction(() => /通过.*变更 1/s.test(document.querySelector('.report')?.textContent ?? ''));
  await close();
});
