// Nothing is lost: the page opens without a network, for who was here last and for nobody else; a form survives a reload; who receives signs for it; one visit of today does not move what is looked at.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, base, installed, launch, open, parameters, PHONE, picture, program, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const reason = '试验';

async function draft(page, names, title) {
  for (const name of names) {
    await page.fill('.cell_table input[type=search]', name);
    await page.check(`.panel input[type=checkbox][aria-label="选择 ${name}"]`);
  }
  await press(page, '放入调整方案');
  await page.waitForSelector('dialog.form .people_list button');
  await page.fill('dialog input[name=title]', title);
}

test('without a network the page opens where the officer was, records, and sends once when it is back', async () => {
  const { page, context, close } = await open({ size: PHONE });
  await signIn(page, 'officer', '/?view=field');
  await page.waitForSelector('.field_view[data-ready] .due_list button');
  await installed(page);
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector('.field_view[data-ready] .due_list button');
  await page.waitForSelector('.told'); // 没有网络
  await accessible(page, '没有网络');
  await picture(page, 'field_offline');
  await page.locator('.due_list button').nth(2).click();
  await page.check('dialog.form input[name=kind] >> nth=0');
  await press(page, '保存');
  await page.waitForSelector('.outbox');
  await page.reload();
  await page.waitForFunction(() => document.querySelector('.outbox h2')?.textContent.includes('1'));
  await context.setOffline(false);
  await page.waitForSelector('.outbox', { state: 'detached', timeout: 30_000 });
  const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (n) => (await (await caches.open(n)).keys()).map((r) => new URL(r.url).pathname)))).flat());
  assert.ok(kept.includes('/') && kept.every((path) => path === '/' || path.startsWith('/assets/')), kept.join());
  await page.click('.account > button');
  await press(page, '退出登录');
  await page.waitForSelector('.door');
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector('.door input[name=password]'); // who has signed out is not shown
  assert.equal(await page.locator('.field_view').count(), 0);
  await context.setOffline(false);
  await close();
});

test('a form that is being filled in survives a reload, and the map opens on the last complete year', async () => {
  const { page, close } = await open();
  await page.goto(base);
  await signIn(page, 'coordinator', null);
  await page.waitForSelector('.home[data-ready]');
  await page.goto(`${base}/?view=map`);
  await page.waitForSelector('.map_view[data-ready]');
  assert.match(await page.textContent('.ask'), /最近完整的一年，至 2025\/12\/31/); // an officer has recorded a visit today
  await draft(page, ['云帆3村'], '留着的标题');
  await page.reload();
  await page.waitForSelector('dialog.form');
  assert.equal(await page.inputValue('dialog input[name=title]'), '留着的标题');
  await close();
});

test('a plan is signed for, on paper too', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map');
  await page.waitForSelector('.map_view[data-ready]');
  await draft(page, ['云帆4村'], '云帆4村换安全员');
  await page.locator('.people_list button').nth(40).click();
  await page.fill('dialog input[name=reason]', reason);
  await page.click('dialog.form footer button.primary');
  await page.waitForSelector('section[data-plan=draft]');
  await press(page, '立即执行');
  await page.waitForSelector('section[data-plan=applied] .receipts');
  await accessible(page, '签收');
  await picture(page, 'plan_receipts');
  const open_ = page.getByRole('button', { name: /^登记纸质签收/ });
  const n = await open_.count();
  assert.equal(n, 2); // who hands over and who receives
  const own = page.getByRole('button', { name: '我来签收', exact: true }), admin = await program('admin');
  assert.equal(await own.count(), 0); // whose account is nobody's signs for nothing
  const { id } = (await admin('GET', '/api/v1/users?limit=1000')).items.find((u) => u.username === 'coordinator');
  const { receipts } = await (await program('coordinator'))('GET', `/api/v1/reassignments/${parameters(page).get('plan')}`);
  await admin('PATCH', `/api/v1/users/${id}`, { person: receipts[0].person });
  try {
    await page.reload();
    await own.click();
    await page.waitForFunction(() => document.querySelectorAll('.receipts td button').length === 1);
    assert.equal(await own.count(), 0); // who has signed is not asked again
  } finally {
    await admin('PATCH', `/api/v1/users/${id}`, { person: null });
  }
  for (let i = n - 1; i > 0; i--) {
    await open_.first().click();
    await page.waitForFunction((left) => document.querySelectorAll('.receipts td button').length === left, i - 1);
  }
  await page.waitForSelector('section[data-plan=acknowledged]');
  await close();
});
