// What others do is told to the page as it happens, after a cut too; where the server does not tell it, an open plan is looked at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, picture, program, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const cellOf = async (asked, q) => (await asked('GET', `/api/v1/cells?q=${encodeURIComponent(q)}&limit=1`)).items[0];

/** A plan that needs another's approval. */
async function drafted(asked, title) {
  const cell = await cellOf(asked, '青石2社区'), parent = await cellOf(asked, '云帆镇');
  return asked('POST', '/api/v1/reassignments', { district: cell.district, title, reason: '试验', effective_on: new Date().toISOString().slice(0, 10), operations: [{ kind: 'move_cell', cell: String(cell.id), parent: String(parent.id) }] });
}

/** Whoever opens the page does not look by itself any more: what it is told comes by the stream. */
const onlyTold = (context) => context.addInitScript(() => { const after = window.setTimeout; window.setTimeout = (f, ms, ...rest) => (ms === 4000 ? 0 : after(f, ms, ...rest)); });

test('a change of an open plan is told as it happens', async () => {
  const coordinator = await program('coordinator'), approver = await program('approver');
  const plan = await drafted(coordinator, '青石2社区调整');
  const { context, page, close } = await open();
  await onlyTold(context);
  await signIn(page, 'coordinator', `/?view=plans&plan=${plan.id}`);
  await page.waitForSelector('section[data-plan=draft]');
  await approver('POST', `/api/v1/reassignments/${plan.id}/approve`, {});
  await page.waitForSelector('.other_hands');
  assert.match(await page.textContent('.other_hands'), /批准人/);
  await accessible(page, '他人修改');
  await picture(page, 'plan_other_hands');
  await press(page, '查看最新');
  await page.waitForSelector('section[data-plan=approved]');
  await press(page, '作废');
  await page.waitForSelector('section[data-plan=withdrawn]');
  assert.equal(await page.locator('.other_hands').count(), 0); // what one did oneself is not told as another's
  await close();
});

test('what waits is told where one is at home, and holders on the map', async () => {
  const coordinator = await program('coordinator');
  const { page, close } = await open();
  await signIn(page, 'approver', '/');
  await page.waitForSelector('.home[data-ready]');
  const row = page.locator('[aria-labelledby=plans_waiting] td', { hasText: '青石2社区待批' });
  await page.waitForFunction(() => document.querySelector('[aria-labelledby=plans_waiting] .big').textContent !== '…');
  assert.equal(await row.count(), 0);
  const plan = await drafted(coordinator, '青石2社区待批');
  await row.waitFor();
  await coordinator('DELETE', `/api/v1/reassignments/${plan.id}`);
  await row.waitFor({ state: 'detached' });
  const cell = await cellOf(coordinator, '望海7社区'), { today } = (await coordinator('GET', '/api/v1/districts')).items.find((d) => d.id === cell.district);
  const { items: people } = await coordinator('GET', `/api/v1/people?district=${cell.district}&limit=60`);
  await page.goto(`${page.url().split('?')[0]}?view=map&cell=${cell.id}&day=${today}`);
  await page.waitForSelector(`.detail[data-cell="${cell.id}"] .chain`);
  const shown = await page.textContent('.chain'), other = people.find((p) => !shown.includes(p.name));
  await coordinator('POST', '/api/v1/assignments', { cell: String(cell.id), post: 'safety_officer', person: other.id, from: today, replace: true, reason: '试验' });
  await page.locator('.chain .who', { hasText: other.name }).waitFor();
  await close();
});

test('what was told while the stream was cut comes when it is back', async () => {
  const coordinator = await program('coordinator');
  const plan = await drafted(coordinator, '青石2社区断线');
  const { context, page, close } = await open();
  await onlyTold(context);
  const numbers = [];
  let see;
  const seen = new Promise((done) => { see = done; });
  await context.route('**/api/v1/changes?*', async (route) => {
    numbers.push(route.request().headers()['last-event-id']);
    if (numbers.length === 1) return route.fulfill({ contentType: 'text/event-stream', body: 'retry: 3000\nid: 1\n\n' }); // and cut
    await seen;
    if (numbers.length === 2) await coordinator('DELETE', `/api/v1/reassignments/${plan.id}`);
    return route.continue();
  });
  await signIn(page, 'coordinator', `/?view=plans&plan=${plan.id}`);
  await page.waitForSelector('section[data-plan=draft]');
  see();
  await page.waitForSelector('.other_hands');
  assert.deepEqual(numbers, [undefined, '1']);
  await close();
});

test('where nothing is told the open plan is looked at', async () => {
  const coordinator = await program('coordinator'), approver = await program('approver');
  const plan = await drafted(coordinator, '青石2社区不通');
  const { context, page, close } = await open();
  await context.route('**/api/v1/changes?*', (r) => r.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"status": 503, "title": "", "detail": "", "errors": []}' }));
  await signIn(page, 'coordinator', `/?view=plans&plan=${plan.id}`);
  await page.waitForSelector('section[data-plan=draft]');
  await approver('POST', `/api/v1/reassignments/${plan.id}/approve`, {});
  await page.waitForSelector('.other_hands');
  await coordinator('DELETE', `/api/v1/reassignments/${plan.id}`);
  await close();
});
