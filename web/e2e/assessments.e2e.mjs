// A coordinator drafts an assessment, an approver signs it; what is corrected later stands beside it, and a plan that would correct it says so.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { accessible, base, launch, open, parameters, PHONE, picture, program, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const status = (page, value) => page.waitForSelector(`section[data-assessment=${value}]`);
const shown = (page, level) => page.waitForSelector(`section[data-figures=${level}]`);

test('drafted, signed by another, restated beside it, and told by a plan that corrects the past', async () => {
  const first = await open();
  await signIn(first.page, 'coordinator', '/?view=assessments');
  await first.page.waitForSelector('.assessments[data-ready]');
  await press(first.page, '拟考核…');
  await first.page.fill('dialog input[name=reason]', '年度安全生产考核办法');
  await accessible(first.page, '拟考核');
  await picture(first.page, 'assessment_form');
  await press(first.page, '存为待签发稿');
  await status(first.page, 'draft');
  await shown(first.page, 'district');
  assert.equal(await first.page.getByRole('button', { name: '签发' }).count(), 0, 'who drafts does not sign');
  const assessment = parameters(first.page).get('assessment');
  await first.page.goto(`${base}/?view=home`);
  await first.page.waitForSelector('.home[data-ready]');
  assert.equal(await first.page.locator('#assessments_waiting').count(), 0, 'it does not wait for who may not sign');
  await first.close();

  const { page, close } = await open();
  await signIn(page, 'approver', '/?view=home');
  const waits = page.getByRole('region', { name: '待签发的考核' });
  await waits.locator('tbody tr').waitFor();
  await accessible(page, '待签发的考核');
  await picture(page, 'assessment_waits');
  await waits.locator('tbody button').first().click();
  await status(page, 'draft');
  assert.equal(parameters(page).get('assessment'), assessment);
  await press(page, '签发');
  await accessible(page, '签发');
  await page.fill('dialog input[name=document_no]', '安委〔2026〕3号');
  await page.click('dialog.form footer button.primary');
  await status(page, 'signed');
  await page.waitForSelector('text=指标都与签发时相同');
  await page.selectOption('section[data-figures] select', 'town');
  await shown(page, 'town');
  await picture(page, 'assessment_signed');

  const ask = await program('coordinator');
  const { district, from, to } = await ask('GET', `/api/v1/assessments/${assessment}`);
  const visited = (await ask('GET', `/api/v1/inspections?district=${district}&from=${from}&to=${to}&limit=1`)).items[0];
  const cell = await ask('GET', `/api/v1/hazards?district=${district}&from=${from}&to=${to}&limit=1000`).then((l) => l.items.find((h) => h.enterprise && !h.closed_on));
  const late = randomUUID();
  await ask('POST', '/api/v1/hazards', { id: late, district, day: from, source: 'patrol', grade: 'general', enterprise: cell.enterprise });
  await page.waitForSelector('text=与签发时不同的指标', { timeout: 40_000 }); // told by the stream of changes, not at once
  await page.check('text=只看与签发不同的');
  await page.waitForFunction(() => document.querySelectorAll('.differs').length > 0 && document.querySelectorAll('section[data-figures] tbody tr').length === 1);
  assert.match(await page.locator('.differs').first().textContent(), /≠ 重述/);
  await page.locator('.differs strong a.count').first().click();
  await page.waitForSelector('aside, dialog, .records');
  await page.goBack();
  await accessible(page, '考核');
  await picture(page, 'assessment_restated');
  await page.setViewportSize(PHONE);
  await picture(page, 'assessment_phone');
  await close();

  const parent = (await ask('GET', `/api/v1/cells?q=${encodeURIComponent('云帆1村')}&limit=1`)).items[0];
  const plan = await ask('POST', '/api/v1/reassignments', { district, title: '更正企业所在村', reason: '数据有误', effective_on: to, operations: [{ kind: 'move_enterprise', cell: String(visited.enterprise), cause: 'data_wrong', parent: String(parent.id) }] });
  const third = await open({ language: 'en', theme: 'dark' });
  await signIn(third.page, 'coordinator', `/?view=plans&plan=${plan.id}`);
  await third.page.waitForSelector('.alters tbody tr');
  await accessible(third.page, 'a plan that alters');
  await third.page.locator('.alters').scrollIntoViewIfNeeded();
  await picture(third.page, 'plan_alters');
  await third.page.click('.alters caption a');
  await status(third.page, 'signed');
  await third.close();
  await ask('DELETE', `/api/v1/reassignments/${plan.id}`);
  await ask('DELETE', `/api/v1/hazards/${late}?reason=x`);
});
