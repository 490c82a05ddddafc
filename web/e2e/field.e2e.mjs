// An officer on a phone: what is due, a patrol with a hazard recorded without a network, which survives a reload and a sign-out, and is sent once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, PHONE, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const counted = (page, list, enterprise) => page.evaluate(async ([l, e]) => {
  const { items } = await (await fetch(`/api/v1/${l}?district=1&enterprise=${e}&limit=1000`)).json();
  return items.length;
}, [list, enterprise]);

const idOf = (page, name) => page.evaluate(async (n) => (await (await fetch(`/api/v1/cells?level=enterprise&q=${encodeURIComponent(n)}`)).json()).items.find((c) => c.name === n).id, name);

test('a patrol without a network is kept, and sent once when it is back', async () => {
  const { page, context, close } = await open({ size: PHONE });
  await signIn(page, 'officer', '/?view=field');
  await page.waitForSelector('.field_view[data-ready] .due_list button');
  await accessible(page, '现场');
  await picture(page, 'field');
  const name = (await page.textContent('.due_list .name >> nth=0')).trim();
  const enterprise = await idOf(page, name);
  const before_ = [await counted(page, 'patrols', enterprise), await counted(page, 'hazards', enterprise)];

  await context.route('**/api/v1/patrols', (route) => route.abort());
  await page.click('.due_list button >> nth=0');
  await page.check('dialog.form input[name=kind] >> nth=0');
  await page.getByRole('button', { name: '添加发现的隐患' }).click();
  const suggested = await page.locator('#hazard_categories option').evaluateAll((all) => all.map((o) => o.value));
  assert.ok(suggested.includes('消防通道') && suggested.includes('有限空间') && suggested.length === new Set(suggested).size, suggested.join());
  await page.fill('.found input[list]', '消防通道');
  const picture_ = (n) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') });
  await page.setInputFiles('.found input[type=file]', [picture_('隐患一'), picture_('隐患二')]);
  await page.setInputFiles('form > .photos input[type=file]', [picture_('现场一'), picture_('多余')]);
  await page.setInputFiles('form > .photos input[type=file]', picture_('现场二'));
  await page.getByRole('button', { name: '删除照片 多余.png' }).click();
  assert.equal(await page.locator('.photos img').count(), 4);
  await accessible(page, '记录');
  await picture(page, 'field_form');
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForFunction(() => document.querySelector('.outbox h2')?.textContent.includes('6'));

  await page.reload();
  await page.waitForFunction(() => document.querySelector('.outbox h2')?.textContent.includes('6'));
  await page.click('.account > button');
  await page.getByRole('button', { name: '退出登录' }).click();
  await signIn(page, 'officer', null);
  await page.waitForFunction(() => document.querySelector('.outbox h2')?.textContent.includes('6'));

  await context.unroute('**/api/v1/patrols');
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.waitForSelector('.outbox', { state: 'detached' });
  assert.deepEqual([await counted(page, 'patrols', enterprise), await counted(page, 'hazards', enterprise)], before_.map((n) => n + 1));
  const kept = await page.evaluate(async (e) => {
    const files = async (kind) => {
      const { items } = await (await fetch(`/api/v1/${kind}s?district=1&enterprise=${e}&limit=1000`)).json(), all = [];
      for (const { id } of items) all.push(...(await (await fetch(`/api/v1/attachments?kind=${kind}&event=${id}`)).json()).items.map((f) => f.name));
      return all.sort();
    };
    return [await files('patrol'), await files('hazard')];
  }, enterprise);
  assert.deepEqual(kept, [['现场一.png', '现场二.png'], ['隐患一.png', '隐患二.png']]);
  await close();
});

test('what the answer was lost of is not sent twice', async () => {
  const { page, context, close } = await open({ size: PHONE });
  await signIn(page, 'officer', '/?view=field');
  await page.waitForSelector('.field_view[data-ready] .due_list button');
  let sent = 0;
  await context.route('**/api/v1/patrols', async (route) => { sent += 1; if (sent === 1) { await route.fetch(); await route.abort(); } else await route.continue(); });
  await page.click('.due_list button >> nth=1');
  await page.check('dialog.form input[name=kind] >> nth=0');
  const enterprise = await idOf(page, (await page.textContent('#visit_title')).trim());
  const before_ = await counted(page, 'patrols', enterprise);
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForSelector('.outbox');
  await page.getByRole('button', { name: '立即发送' }).click();
  await page.waitForSelector('.outbox', { state: 'detached' });
  assert.equal(sent, 2);
  assert.equal(await counted(page, 'patrols', enterprise), before_ + 1);
  await close();
});

test('what is found at an enterprise that is not due is recorded too', async () => {
  const { page, close } = await open({ size: PHONE });
  await signIn(page, 'officer', '/?view=field');
  await page.fill('.others_search input', '仓储2835号');
  await page.click('.others_search li button >> nth=0');
  await page.waitForSelector('dialog.form #visit_title');
  const name = (await page.textContent('#visit_title')).trim(), enterprise = await idOf(page, name), before_ = await counted(page, 'patrols', enterprise);
  assert.match(name, /仓储2835号/);
  await page.getByRole('button', { name: '保存' }).click();
  await page.waitForFunction(async ([e, n]) => (await (await fetch(`/api/v1/patrols?district=1&enterprise=${e}&limit=1000`)).json()).items.length === n, [enterprise, before_ + 1]);
  await close();
});
