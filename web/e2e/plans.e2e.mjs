// A coordinator puts villages into a plan, sees before and after, takes back and puts in again; a plan that moves a village needs another person, who approves it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, parameters, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const status = (page, value) => page.waitForSelector(`section[data-plan=${value}]`);
const send = (page) => page.click('dialog.form footer button.primary');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

async function select(page, names) {
  for (const name of names) {
    await page.fill('.cell_table input[type=search]', name);
    await page.check(`.panel input[type=checkbox][aria-label="选择 ${name}"]`);
  }
  await press(page, '放入调整方案');
  await page.waitForSelector('dialog.form');
}

test('villages to another officer: drafted, undone, redone, applied, taken back', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await select(page, ['云帆1村', '云帆2村']);
  await page.locator('.people_list button').nth(30).click();
  await page.fill('dialog input[name=title]', '云帆片区换安全员');
  await page.fill('dialog input[name=reason]', '试验');
  await accessible(page, '放入调整方案');
  await send(page);
  await status(page, 'draft');
  assert.equal(await page.locator('.operations tbody tr').count(), 2);
  await page.waitForSelector('.told, .problems');
  await page.waitForSelector('section[aria-labelledby=findings] tbody tr'); // 示范区 has a cell without a shape and a vacant post
  await accessible(page, '调整方案');
  await picture(page, 'plan');
  await press(page, '撤销一步');
  await page.waitForSelector('.operations tr.undone');
  await press(page, '重做');
  await page.waitForSelector('.operations tr.undone', { state: 'detached' });
  await press(page, '立即执行');
  await status(page, 'applied');
  await press(page, '撤回');
  await page.waitForFunction(() => document.querySelector('#plan_title')?.textContent.includes('云帆片区换安全员'));
  await page.waitForFunction(() => /撤回方案|换责任人/.test(document.querySelector('.operations')?.textContent ?? ''));
  assert.doesNotMatch(await page.textContent('.operations'), /restore/);
  await close();
});

test('a village to another town waits for a second person', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await select(page, ['青石1社区']);
  await page.check('dialog.form input[name=action][value=move_cell]');
  await page.waitForSelector('dialog select[name=parent] option', { state: 'attached' });
  await page.selectOption('dialog select[name=parent]', { label: '云帆镇' });
  await page.fill('dialog input[name=title]', '青石1社区划归云帆镇');
  await page.fill('dialog input[name=reason]', '试验');
  await send(page);
  await status(page, 'draft');
  assert.match(await page.textContent('section[data-plan]'), /另一人批准/);
  assert.equal(await page.getByRole('button', { name: '立即执行' }).count(), 0);
  const plan = parameters(page).get('plan');
  await close();
  const second = await open();
  await signIn(second.page, 'approver', `/?view=plans&plan=${plan}`);
  await status(second.page, 'draft');
  await press(second.page, '批准');
  await send(second.page); // without a word beside it
  await status(second.page, 'approved');
  await press(second.page, '立即执行');
  await status(second.page, 'applied');
  await second.close();
});
