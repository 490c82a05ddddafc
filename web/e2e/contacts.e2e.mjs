// Who looks after a town beside those who are responsible (责任联系点) stands apart from the chain, on the days on which it does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, launch, open, picture, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

/** Makes a contact point of a person of the demo in a village's town, from a day on, as the coordinator of the page; answers the person and the town. */
const makeContact = (page, village, from) => page.evaluate(async ([id, day]) => {
  const ask = async (path, body) => {
    const { csrf } = await (await fetch('/api/v1/me')).json();
    const answer = await fetch(`/api/v1/${path}`, body && { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  const { chain } = await ask(`cells/${id}/ancestors`), { cell: town } = chain.find((link) => link.cell.level === 'town');
  const person = await ask('people', { district: town.district, name: '联系领导甲', phone: '13800001234' });
  await ask('contact-points', { person: person.id, cell: String(town.id), visit_days: 30, from: day });
  return { town: town.name };
}, [village, from]);

test('a contact point is told beside the chain, and only on its days', async () => {
  const { page, close } = await open();
  await signIn(page, 'coordinator', '/?view=map&cell=20');
  await page.waitForSelector('.detail[data-cell="20"] .chain .who');
  assert.equal(await page.locator('.contacts').count(), 0);
  const { town } = await makeContact(page, 20, '2025-07-01');
  await page.reload();
  const told = page.locator('.contacts li');
  await told.waitFor();
  assert.equal(await told.count(), 1);
  const text = await told.innerText();
  for (const word of ['联系领导甲', town, '每30天到点一次']) assert.ok(text.includes(word), `${word} in ${text}`);
  assert.equal(await page.locator('.chain:not(.contacts)').getByText('联系领导甲').count(), 0, 'nobody is made responsible');
  await accessible(page, '责任联系点');
  await picture(page, 'contacts');
  await page.goto(page.url().replace('day=2025-12-31', 'day=2025-06-30')); // the day before
  await page.waitForSelector('.detail[data-cell="20"] .chain .who');
  assert.equal(await page.locator('.contacts').count(), 0);
  await close();
});
