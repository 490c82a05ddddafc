// A coordinator imports a table without a recipe in sight: columns are guessed, a trial tells each bad row, and what is right is written.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
  await close();
});
