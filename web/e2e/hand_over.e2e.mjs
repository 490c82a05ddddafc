// A coordinator, new to the page, gives a village to another officer; a leader may not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const holder = (page) => page.locator('.chain > li').first().locator('.who').first();

test('from sign-in to a village with another officer', async () => {
  const { page, close } = await open();
  const begun = Date.now();
  await signIn(page, 'coordinator');
  await page.fill('.search input', '临港合并');
  await page.waitForSelector('#search_list li');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.detail[data-cell] .chain .who');
  const before_ = (await holder(page).textContent()).trim();
  await page.locator('.chain > li').first().getByRole('button', { name: /^交接/ }).click();
  await page.waitForSelector('.people_list button');
  await accessible(page, '交接');
  await picture(page, 'hand_over');
  const person = page.locator('.people_list button').filter({ hasNotText: before_ }).nth(20);
  const name = (await person.locator('span').textContent()).trim();
  await person.click();
  await page.click('dialog.form button.primary');
  await page.waitForSelector('.told');
  await page.waitForFunction((n) => document.querySelector('.chain .who')?.textContent.trim() === n, name);
  assert.notEqual(name, before_);
  assert.ok(Date.now() - begun < 120_000, 'within two minutes');
  await close();
});

test('the page takes keys as soon as it is seen, and what is taken is what was typed', async () => {
  const { page, context, close } = await open();
  await context.addInitScript(() => { // a browser whose database is slow, as on a busy disk
    const { set } = Object.getOwnPropertyDescriptor(IDBRequest.prototype, 'onsuccess');
    Object.defineProperty(IDBOpenDBRequest.prototype, 'onsuccess', { set(done) { set.call(this, () => setTimeout(done, 4000)); } });
  });
  await signIn(page, 'leader');
  await page.fill('.search input', '临港合并');
  await page.waitForSelector('#search_list li');
  assert.equal(await page.locator('.door').count(), 0);
  await page.focus('.brand');
  await page.waitForSelector('#search_list', { state: 'detached' });
  assert.equal(await page.inputValue('.search input'), '临港合并'); // it stays where one looks elsewhere
  await page.focus('.search input');
  await page.waitForSelector('#search_list li');
  await page.fill('.search input', '云帆3村');
  await page.keyboard.press('Enter'); // before it was asked
  await page.waitForFunction(() => document.querySelector('.detail[data-cell] h2')?.textContent === '云帆3村');
  await close();
});

test('by keys alone: from the search to the form that hands over, and what is missing is told in the words of the page', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/');
  await page.waitForSelector('.home[data-ready]');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
  const tab = async (to, most) => { for (let n = 0; n < most; n++) { if (to.test(await focused())) return; await page.keyboard.press('Tab'); } assert.match(await focused(), to, `within ${most} steps`); };
  await tab(/按名称或代码查找/, 14);
  await page.keyboard.type('临港合并');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.classList.contains('detail'));
  await tab(/^交接 安全员/, 6);
  await page.keyboard.press('Enter');
  await page.waitForSelector('.people_list button');
  assert.match(await focused(), /按姓名查找人员/); // at its first field, not at the button that shuts it
  await page.keyboard.press('Escape');
  await page.goto(`${page.url().split('?')[0]}?view=map&selected=20&work=plan`);
  await page.waitForSelector('dialog.form .people_list button');
  await page.locator('dialog.form .people_list button').first().click();
  await page.click('dialog.form footer button.primary');
  assert.equal(await page.locator('dialog input[name=reason]').evaluate((f) => f.validationMessage), '请填写此项。');
  await close();
});

test('who may not hand over is not offered to', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=map&cell=20');
  await page.waitForSelector('.detail[data-cell="20"] .chain .who');
  assert.equal(await page.getByRole('button', { name: /^交接/ }).count(), 0);
  await close();
});
