// What a plan can do beside moving and merging: cover for a while, exchange, a new code, an end and another beginning; and what stands beside a plan: files and the words of who approved it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, parameters, picture, program, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const status = (page, value) => page.waitForSelector(`section[data-plan=${value}]`);
const send = (page) => page.click('dialog.form footer button.primary');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const rows = (page) => page.locator('.operations tbody tr').allInnerTexts().then((all) => all.map((r) => r.replace(/\s+/g, ' ')));

/** The form for what the address selects, with an action chosen and a reason written. */
async function form(page, selection, action) {
  await page.goto(`${process.env.GRIDWARD}/?view=map&level=village&day=2025-12-31&${selection}&work=plan`);
  await page.waitForSelector('dialog.form');
  await page.check(`dialog.form input[name=action][value=${action}]`);
  await page.fill('dialog input[name=reason]', '试验');
}

/** Another person approves the plan that is shown; then it is carried out. */
async function carriedOut(page) {
  const approver = await program('approver'), id = parameters(page).get('plan');
  await approver('POST', `/api/v1/reassignments/${id}/approve`, {});
  await page.reload();
  await status(page, 'approved');
  await press(page, '立即执行');
  await status(page, 'applied');
}

async function villages(c, n) {
  const district = (await c('GET', '/api/v1/districts')).items.find((d) => d.synthetic);
  const top = (await c('GET', '/api/v1/cells?level=district')).items.find((x) => x.district === district.id).id;
  return { district, top, found: (await c('GET', `/api/v1/cells?within=${top}&level=village&limit=${n}`)).items };
}

test('a village is covered for a while, two exchange their officers, one has a new code', async () => {
  const c = await program('coordinator'), { district, found: [, , one, two] } = await villages(c, 4);
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await form(page, `selected=${one.id}`, 'cover');
  await page.locator('.people_list button').nth(20).click();
  const who = await page.locator('.chosen_person strong').textContent();
  await page.fill('dialog input[name=until]', '2020-01-01');
  await page.press('dialog input[name=until]', 'Tab');
  await send(page);
  assert.ok(await page.locator('dialog input[name=until]').evaluate((e) => !e.validity.valid), 'a day that is over is no end');
  const year = Number(district.today.slice(0, 4)) + 1;
  await page.fill('dialog input[name=until]', `${year}-03-31`);
  await page.press('dialog input[name=until]', 'Tab');
  await accessible(page, '临时代理');
  await picture(page, 'operation_cover');
  await send(page);
  await status(page, 'draft');
  await page.waitForFunction((w) => document.querySelector('.operations tbody')?.textContent.includes(w), who);
  assert.match((await rows(page))[0], new RegExp(`临时代理.*${who}（至 ${year}/3/31）`));
  const plan = parameters(page).get('plan');
  const [operation] = (await c('GET', `/api/v1/reassignments/${plan}`)).operations;
  assert.deepEqual([operation.body.to, operation.body.acting], [`${year}-04-01`, true], 'the first day after');

  await form(page, `selected=${one.id},${two.id}`, 'swap');
  assert.equal(await page.locator('dialog select[name=post] option').last().textContent(), '所属街镇');
  await page.selectOption('dialog.form select:not([name])', plan); // into the draft that is there
  await send(page);
  await page.waitForFunction(() => document.querySelectorAll('.operations tbody tr').length === 2);
  assert.match((await rows(page))[1], /互换/);

  await form(page, `selected=${two.id}`, 'recode');
  await page.fill('dialog input[name=code]', one.code);
  await page.selectOption('dialog.form select:not([name])', plan);
  await send(page);
  await page.waitForSelector('dialog .trouble'); // another has it
  await page.fill('dialog input[name=code]', '990101009777');
  await send(page);
  await page.waitForFunction(() => document.querySelectorAll('.operations tbody tr').length === 3);
  assert.match((await rows(page))[2], new RegExp(`重编代码 ${two.code} 990101009777`));
  await picture(page, 'operations');
  await press(page, '作废');
  await status(page, 'withdrawn');
  await close();
});

test('an enterprise ends and begins again', async () => {
  const c = await program('coordinator'), { top } = await villages(c, 1);
  const unit = (await c('GET', `/api/v1/cells?within=${top}&level=enterprise&limit=40`)).items[39];
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await form(page, `enterprises=${unit.id}`, 'close');
  await send(page);
  await status(page, 'draft');
  assert.match((await rows(page))[0], new RegExp(`${unit.name} 撤销`));
  await carriedOut(page);
  const { today } = (await c('GET', '/api/v1/districts')).items.find((d) => d.synthetic);
  await page.goto(`${process.env.GRIDWARD}/?view=map&day=${today}&cell=${unit.id}`);
  await press(page, '恢复');
  await page.waitForSelector('dialog.form');
  await page.waitForFunction((name) => document.querySelector('dialog.form')?.textContent.includes(name), unit.name); // it is named though it is gone
  await page.fill('dialog input[name=reason]', '误撤');
  await accessible(page, '恢复');
  await picture(page, 'operation_reopen');
  await send(page);
  await status(page, 'draft');
  await carriedOut(page);
  assert.equal((await c('GET', `/api/v1/cells/${unit.id}?at=${today}`)).name, unit.name);
  await close();
});

test('a plan has files beside it, and the words of who approved it', async () => {
  const c = await program('coordinator'), { district, top, found: [village] } = await villages(c, 1);
  const town = (await c('GET', `/api/v1/cells?within=${top}&level=town&limit=20`)).items.find((x) => x.id !== village.parent);
  const { id } = await c('POST', '/api/v1/reassignments', { district: district.id, title: '附件与意见', reason: '试验', effective_on: district.today, operations: [{ kind: 'move_cell', cell: String(village.id), parent: String(town.id) }] });
  const { page, close } = await open();
  await signIn(page, 'coordinator', `/?view=plans&plan=${id}`);
  await status(page, 'draft');
  await page.setInputFiles('.attachments input[type=file]', { name: '请示.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 ') });
  await page.waitForSelector('.attachments li');
  assert.match(await page.textContent('.attachments li'), /请示\.pdf.*协调员/);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.attachments li a')]);
  assert.equal(download.suggestedFilename(), '请示.pdf');
  await page.setInputFiles('.attachments input[type=file]', { name: '大.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(20_000_001) });
  await page.waitForFunction(() => document.querySelector('.attachments .trouble')?.textContent.includes('20 MB'));
  await accessible(page, '附件');
  await close();
  const second = await open();
  await signIn(second.page, 'approver', `/?view=plans&plan=${id}`);
  await status(second.page, 'draft');
  assert.equal(await second.page.locator('.attachments li').count(), 1);
  assert.equal(await second.page.locator('.attachments input').count(), 0, 'who approves adds none');
  await press(second.page, '批准');
  await second.page.waitForSelector('dialog.form');
  await second.page.fill('dialog textarea[name=comment]', '同意，请十日内完成交接。');
  await accessible(second.page, '批准方案');
  await send(second.page);
  await status(second.page, 'approved');
  assert.match(await second.page.textContent('section[data-plan]'), /批准人.*：同意，请十日内完成交接。/);
  await picture(second.page, 'plan_approved');
  await second.close();
  await c('DELETE', `/api/v1/reassignments/${id}`);
});

test('a list of handovers goes into a draft whole, or what is wrong with it is told by row', async () => {
  const c = await program('coordinator'), { district, found: [, , , , one, two] } = await villages(c, 6);
  const [person] = (await c('GET', `/api/v1/people?district=${district.id}&limit=1`)).items;
  const { id } = await c('POST', '/api/v1/reassignments', { district: district.id, title: '清单', reason: '试验', effective_on: district.today, operations: [{ kind: 'assign', cell: String(one.id), post: 'safety_officer', person: null }] });
  const { page, close } = await open();
  await signIn(page, 'coordinator', `/?view=plans&plan=${id}`);
  await status(page, 'draft');
  const list = (...lines) => ({ name: '交接.csv', mimeType: 'text/csv', buffer: Buffer.from(['网格编码,岗位,人员', ...lines].join('\n')) });
  await page.setInputFiles('section[aria-labelledby=handover_list] input', list(`${two.code},安全员,${person.external_id}`, `990101999999,安全员,${person.external_id}`));
  await page.waitForFunction(() => /第2行/.test(document.querySelector('section[aria-labelledby=handover_list] .trouble')?.textContent ?? ''));
  await accessible(page, '交接清单');
  await picture(page, 'handover_list');
  assert.equal(await page.locator('.operations tbody tr').count(), 1, 'nothing of it');
  await page.setInputFiles('section[aria-labelledby=handover_list] input', list(`${two.code},安全员,${person.external_id}`));
  await page.waitForFunction((n) => document.querySelectorAll('.operations tbody tr').length === 2 && document.querySelector('.operations tbody').textContent.includes(n), person.name);
  await press(page, '作废');
  await status(page, 'withdrawn');
  await close();
});

test('villages are locked and set apart before a proposal, and stay so through a reload', async () => {
  const c = await program('coordinator'), { district, top } = await villages(c, 1);
  const town = (await c('GET', `/api/v1/cells?within=${top}&level=town&limit=20`)).items.find((x) => x.name === '银滩镇');
  const here = (await c('GET', `/api/v1/cells?within=${town.id}&level=village&limit=20&at=${district.today}`)).items;
  const { page, close } = await open();
  await signIn(page, 'coordinator', `/?view=map&panel=balance&day=${district.today}&selected=${here[0].id}`);
  await page.waitForSelector('.map_view[data-ready]');
  await press(page, '锁定所选');
  await page.waitForFunction((name) => document.querySelector('.limits ul')?.textContent.includes(`锁定：${name}`), here[0].name);
  assert.equal(parameters(page).get('selected'), null, 'what is locked is selected no more');
  await page.goto(`${page.url()}&selected=${here[1].id},${here[2].id}`);
  await press(page, '所选为一侧');
  await page.reload();
  await page.waitForSelector('.limits ul li:nth-child(2)');
  await page.waitForSelector(`.balance select option[value="${town.id}"]`, { state: 'attached' });
  await page.selectOption('.balance select', String(town.id));
  const [asked] = await Promise.all([page.waitForRequest('**/reassignments/balance'), press(page, '给出建议')]);
  const { locked, barriers } = asked.postDataJSON();
  assert.deepEqual(locked, [String(here[0].id)]);
  assert.equal(barriers.length, 2 * (here.length - 2));
  assert.ok(barriers.some(([a, b]) => a === String(here[1].id) && b === String(here[3].id)) && !barriers.some(([a, b]) => a === String(here[1].id) && b === String(here[2].id)));
  await page.waitForSelector('.balance .zones tbody tr', { timeout: 60_000 });
  await accessible(page, '须保留的');
  await picture(page, 'balance_limits');
  await page.getByRole('button', { name: /^取消 锁定/ }).click();
  await page.waitForSelector('.limits ul li:nth-child(2)', { state: 'detached' });
  await close();
});
