// What a leader reads: the ranked list with reasons and trends, the second list, the drill down to enterprises, on paper and on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, parameters, PHONE, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const ready = (page) => page.waitForSelector('.regions[data-ready] .region_list .region');

test('key regions stand in order with reasons, and what is not inspected stands apart', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=regions');
  await ready(page);
  const scores = (await page.locator('section[aria-labelledby=ranked] .score strong').allTextContents()).map(Number);
  assert.ok(scores.length >= 9);
  assert.deepEqual(scores, [...scores].sort((a, b) => b - a));
  const apart = page.locator('section[aria-labelledby=insufficient] .region');
  assert.equal(await apart.count(), 1);
  assert.equal(await apart.locator('.score').count(), 0); // never ranked, never as safe
  assert.match(await page.textContent('.headlines'), /同比/);
  assert.doesNotMatch(await page.textContent('.regions'), /环比/); // of a whole year that is the same comparison again
  await page.waitForSelector('[aria-labelledby=by_town] svg');
  await page.waitForSelector('.heat_map[data-idle]');
  assert.match(await page.textContent('.heat_legend'), /个\/km²/);
  await accessible(page, '重点区域');
  await picture(page, 'regions');
  await close();
});

test('from the district to a town, to its villages, to the enterprises that are overdue', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=regions');
  await ready(page);
  const town = await page.textContent('.region h3 >> nth=0');
  await page.click('.region .links button >> nth=0');
  await page.waitForFunction(() => new URL(location.href).searchParams.get('within'));
  await page.waitForFunction((name) => document.querySelector('h1').textContent.includes(name), town);
  await ready(page);
  const links = page.locator('.region .links');
  await links.first().locator('button').first().click();
  await page.waitForSelector('dialog.records .table, dialog.records .empty');
  assert.match(parameters(page).get('records'), /^\/api\/v1\/enterprises\?.*counted=overdue/);
  await close();
});

const pagesOf = (pdf) => (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;

test('a quarter is compared with the one before and with that of the year before', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=regions&window=quarter');
  await ready(page);
  assert.match(await page.textContent('.headlines'), /环比.*同比/s);
  await close();
});

test('one page of paper has the list, the map, the towns by name and no controls', async () => {
  const { page, close } = await open();
  await signIn(page, 'leader', '/?view=regions');
  await ready(page);
  await page.waitForSelector('[aria-labelledby=by_town] svg');
  await page.waitForSelector('.heat_map[data-idle]');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.regions form').isVisible(), false);
  assert.equal(await page.locator('.synthetic').isVisible(), true); // 演示数据·合成 on paper too
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  assert.equal(pagesOf(pdf), 1);
  await page.setViewportSize({ width: 718, height: 1010 }); // as wide as the paper
  assert.equal(await page.locator('[aria-labelledby=by_town] td').first().locator('button').isVisible(), true);
  assert.equal(await page.locator('.heat_map canvas').isVisible(), true);
  const [chart, column] = await Promise.all(['[aria-labelledby=by_town] svg', '[aria-labelledby=by_town]'].map((s) => page.locator(s).last().boundingBox()));
  assert.ok(chart.height > 100 && chart.x + chart.width <= column.x + column.width, `no bar is cut off: ${JSON.stringify([chart, column])}`);
  await close();
});

test('a phone prints one page too', async () => {
  const { page, close } = await open({ size: PHONE });
  await signIn(page, 'leader', '/?view=regions');
  await ready(page);
  await page.waitForSelector('[aria-labelledby=by_town] svg');
  await page.waitForSelector('.heat_map[data-idle]');
  assert.equal(pagesOf(await page.pdf({ preferCSSPageSize: true, printBackground: true })), 1);
  await close();
});

test('dark and on a phone it is as readable', async () => {
  const { page, close } = await open({ size: PHONE, theme: 'dark', language: 'en' });
  await signIn(page, 'leader', '/?view=regions');
  await ready(page);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing sticks out');
  await accessible(page, 'key regions, dark, phone');
  await picture(page, 'regions_phone');
  await close();
});
