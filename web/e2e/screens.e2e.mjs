// The screens that all see, against the pictures that are kept of them (screens/*.webp).
import { after, before, test } from 'node:test';
import { base as server, launch, open, PHONE, program, quit, signIn } from './browser.mjs';
import { alike, styled } from './likeness.mjs';

before(launch);
after(quit);

test('home, the map with a figure, the leader’s view and a plan look as they did', async () => {
  const { page, close } = await open(), other = await open(), eye = other.page;
  await signIn(page, 'coordinator', '/');
  const base = page.url().split('?')[0];
  await page.waitForSelector('.home[data-ready]');
  await page.waitForFunction(() => document.querySelectorAll('.card td').length > 20 && !document.querySelector('.waiting'));
  await styled(page, '[aria-labelledby=plans_waiting] { display: none } [aria-labelledby=vacant] .table { visibility: hidden }'); // what other flows have left there
  await alike(page, eye, 'home', ['[aria-labelledby=overdue_enterprises]']);

  await page.goto(`${base}?view=map&day=2025-12-31&measure=hazard_density&level=village`);
  await page.waitForSelector('.map_view[data-ready] .canvas[data-painted]');
  await page.waitForSelector('.detail[data-cell] .figures td');
  await alike(page, eye, 'map', ['.stage canvas', '.panel']);

  await page.goto(`${base}?view=regions&day=2025-12-31`);
  await page.waitForSelector('.regions[data-ready] .region_list .region');
  await page.waitForSelector('.heat_map[data-idle]');
  await page.waitForSelector('[aria-labelledby=by_town] svg');
  await alike(page, eye, 'regions', ['.heat_map', '.headlines']);

  const asked = await program('coordinator');
  const [cell] = (await asked('GET', `/api/v1/cells?q=${encodeURIComponent('青石7社区')}&limit=1`)).items, [town] = (await asked('GET', `/api/v1/cells?q=${encodeURIComponent('云帆镇')}&limit=1`)).items;
  const plan = await asked('POST', '/api/v1/reassignments', { district: cell.district, title: '青石7社区划归云帆镇', reason: '试验', effective_on: '2026-01-01', operations: [{ kind: 'move_cell', cell: String(cell.id), parent: String(town.id) }] });
  await page.goto(`${base}?view=plans&plan=${plan.id}`);
  await page.waitForSelector('section[data-plan=draft] .told, section[data-plan=draft] .problems');
  await page.getByRole('button', { name: '前后对比', exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('.heat_map[data-idle]').length === 2 && document.querySelector('.compare[data-ready]'));
  await styled(page, '.plans .columns > div { visibility: hidden }');
  await alike(page, eye, 'plan', ['.side_by_side']);
  await asked('DELETE', `/api/v1/reassignments/${plan.id}`);
  await close();
  await other.close();
});

test('the door, findings, balance, an import and the officer’s form look as they did', async () => {
  const { page, close } = await open(), other = await open(), eye = other.page;
  await page.goto(`${server}/`);
  await page.waitForSelector('.door button.primary');
  await alike(page, eye, 'door', ['.door']);

  await signIn(page, 'coordinator', '/?view=map&panel=findings&day=2026-01-31');
  await page.waitForSelector('.map_view[data-ready] .canvas[data-painted]');
  await page.waitForSelector('.finding_list .problems li.error');
  const plain = await styled(page, '.finding_list .problems li { color: transparent } .stage canvas { visibility: hidden }'); // other flows have left some
  await alike(page, eye, 'findings', ['.finding_list', '.tools']);
  await plain();

  await page.goto(`${server}/?view=map&panel=balance&day=2025-12-31`);
  await page.waitForSelector('.map_view[data-ready] .canvas[data-painted]');
  await page.waitForSelector('.balance select option:nth-child(3)', { state: 'attached' });
  await alike(page, eye, 'balance', ['.balance', '.stage canvas']);

  await page.goto(`${server}/?view=imports`);
  await page.selectOption('select[name=kind]', 'person');
  await page.setInputFiles('input[type=file]', { name: '人员.csv', mimeType: 'text/csv', buffer: Buffer.from('工号,姓名,联系电话\nW001,导入甲,10000009001\n') });
  await page.waitForFunction(() => document.querySelector('select[name=phone]')?.value === '联系电话');
  await alike(page, eye, 'import', ['.imports']);

  const phone = await open({ size: PHONE });
  await signIn(phone.page, 'officer', '/?view=field');
  await phone.page.click('.field_view[data-ready] .due_list button >> nth=0');
  await phone.page.check('dialog.form input[name=kind] >> nth=0');
  await phone.page.getByRole('button', { name: '添加发现的隐患' }).click();
  await styled(phone.page, 'dialog h2, .field_view { visibility: hidden }'); // whoever is due today
  await alike(phone.page, eye, 'field_form', ['dialog.form', '.found']);
  for (const one of [phone, { close }, other]) await one.close();
});
