// Every view in both languages: no English is left in the Chinese page but names, codes and the signs of formats; no Chinese in the English one but names.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, open, picture, PHONE, program, quit, signIn } from './browser.mjs';

before(launch);
after(quit);

const SIGNS = ['Gridward', 'English', 'Excel', 'CSV', 'PDF', 'XLSX', 'HTTPS', 'UTF', 'GBK', 'GB', 'UTF-16LE', 'BIG5', 'EPSG', 'GCJ', 'BD', 'Shapefile', 'GeoPackage', 'GeoJSON', 'KML', 'MB', 'km', 'xlsx', 'xls', 'csv', 'zip', 'shp', 'gpkg', 'geojson', 'kml', 'docs/private-ca.md', 'SIM'];
const INDUSTRY = /^[A-T]\d\d$/; // the code of GB/T 4754, beside its name
const NAMES = ['name', 'author', 'code', 'external_id', 'title', 'reason', 'description', 'person_name', 'approver', 'officer', 'document_no'];
const OURS = ['W1', 'a.csv', 'b.xlsx', '工号', '姓名', '联系电话', '张三', '李四', '9999']; // what this flow enters
const OWN = ['zh', 'name_zh', 'en', 'name_en']; // said in both languages: the page chooses

/** Values of an answer under the names of what people entered, and for English all texts in Chinese but those that are said in both languages. */
function gather(value, key, into, any) {
  if (typeof value === 'string') { if (NAMES.includes(key) || (any && !OWN.includes(key))) into.add(value); }
  else if (Array.isArray(value)) value.forEach((v) => gather(v, key, into, any));
  else if (value && typeof value === 'object') for (const [k, v] of Object.entries(value)) if (!OWN.includes(k)) gather(v, k, into, any);
}

/** All that is read or told of the page: texts, labels, hints, titles. */
const told = (page) => page.evaluate(() => {
  const out = [['title', document.title]];
  const foreign = (e) => { const l = e.closest('[lang]'); return l !== document.documentElement && l !== null && l.lang.slice(0, 2) !== document.documentElement.lang.slice(0, 2); };
  const seen = (e) => e.checkVisibility?.() ?? true;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walker.nextNode(); n; n = walker.nextNode()) {
    const e = n.parentElement, text = n.textContent.trim();
    if (text && e && !/^(SCRIPT|STYLE|NOSCRIPT)$/.test(e.tagName) && !foreign(e) && (seen(e) || e.tagName === 'OPTION' || e.closest('svg'))) out.push([e.className?.baseVal ?? e.className ?? e.tagName, text]);
  }
  for (const e of document.querySelectorAll('[aria-label],[title],[placeholder],[alt],[aria-description],[aria-valuetext]'))
    for (const a of ['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext']) if (e.hasAttribute(a) && !foreign(e)) out.push([a, e.getAttribute(a)]);
  return out;
});

/** What of a page is in the other language. */
async function strangers(page, language, entered, where) {
  const known = [...entered].sort((a, b) => b.length - a.length);
  const left = new Set();
  for (const [place, text] of await told(page)) {
    let rest = text;
    for (const name of known) if (name.length > 1 && rest.includes(name)) rest = rest.replaceAll(name, ' ');
    const runs = language === 'zh' ? (rest.match(/[A-Za-z][A-Za-z0-9_/.-]*[A-Za-z0-9]/g) ?? []).filter((r) => !SIGNS.some((s) => r.split(/[-.:]/).every((p) => p === '' || SIGNS.includes(p) || /^\d+$/.test(p)) || r === s || INDUSTRY.test(r))) : (rest.match(/\p{Script=Han}+/gu) ?? []);
    if (runs.length) left.add(`${where} [${place}] ${runs.join(' ')} in: ${text.slice(0, 90)}`);
  }
  return [...left];
}

async function walker(name, language, size) {
  const one = await open({ language, ...(size && { size }) });
  const { page } = one, entered = new Set(OURS), left = [], busy = new Set();
  page.on('response', async (r) => {
    if (!/json/.test(r.headers()['content-type'] ?? '')) return;
    const body = r.json().then((j) => gather(j, '', entered, language === 'en'), () => { /* it went with its page */ });
    busy.add(body);
    body.finally(() => busy.delete(body));
  });
  const look = async (where) => {
    await page.waitForFunction(() => !document.querySelector('.waiting'), undefined, { timeout: 15_000 }).catch(() => { /* told by what is seen */ });
    await page.waitForTimeout(400);
    await Promise.all(busy);
    left.push(...(await strangers(page, language, entered, `${name} ${where}`)));
    await picture(page, `words_${language}_${name}_${where.replace(/\W+/g, '_')}`);
  };
  const at = async (address, selector, where = address) => {
    await page.goto(process.env.GRIDWARD + address);
    await page.waitForSelector(selector);
    await look(where);
  };
  return { ...one, left, look, at };
}

const DAY = 'day=2025-12-31';
const MAP = '.map_view[data-ready]';

/** One of each kind, whose pages are walked. */
async function things() {
  const c = await program('coordinator');
  const district = (await c('GET', '/api/v1/districts')).items.find((d) => d.synthetic);
  const top = (await c('GET', '/api/v1/cells?level=district')).items.find((x) => x.district === district.id).id;
  const list = async (level, n) => (await c('GET', `/api/v1/cells?within=${top}&level=${level}&limit=${n}`)).items;
  return { c, district, top, towns: await list('town', 20), villages: await list('village', 40), enterprise: (await list('enterprise', 1))[0].id };
}

for (const language of ['zh', 'en']) {
  test(`the views of a coordinator, in ${language}`, async () => {
    const { c, district, top, towns, villages, enterprise } = await things();
    const { page, left, look, at, close } = await walker('coordinator', language);
    await page.goto(process.env.GRIDWARD);
    await page.waitForSelector('.door');
    await look('door');
    await signIn(page, 'coordinator', null);
    await page.waitForSelector('.home[data-ready]');
    await look('home');
    for (const panel of ['', 'tree', 'findings', 'balance', 'off_map']) await at(`/?view=map&${DAY}&panel=${panel}`, MAP, `map ${panel}`);
    for (const [what, cell] of [['town', towns[0].id], ['village', villages[0].id], ['enterprise', enterprise]]) await at(`/?view=map&${DAY}&cell=${cell}`, `.detail[data-cell="${cell}"]`, `detail ${what}`);
    await page.click('.account > button');
    await at(`/?view=map&${DAY}&layers=enterprises,hazards,hotspots,heat&measure=hazards_per_enterprise&level=town`, MAP, 'layers');
    await at(`/?view=map&${DAY}&mode=as_of&as_of=2025-06-01&window=own&from=2025-01-01`, MAP, 'as_of');
    await at(`/?view=map&${DAY}&selected=${villages[0].id},${villages[1].id}`, MAP, 'selected');
    await page.getByRole('button', { name: language === 'zh' ? '放入调整方案' : 'Put into a plan', exact: true }).click();
    await page.waitForSelector('dialog.form .people_list button');
    await look('into plan');
    await page.click('.people_list button >> nth=0');
    await page.fill('dialog input[name=title]', '9999');
    await page.fill('dialog input[name=reason]', '9999');
    for (const [operation, zh, en] of [ // the server refuses what the form would not send
      [{ kind: 'merge', sources: [String(villages[0].id), String(towns[0].id)], into: { cell: String(villages[0].id) } }, '第1项调整：只有同一级的网格才能合并。', 'Operation 1: Cells of one level are merged.'],
      [{ kind: 'close', cell: String(towns[0].id) }, `当日网格${towns[0].name}下还有`, `below the cell ${towns[0].name} on that day`],
      [{ kind: 'assign', cell: String(villages[0].id), post: 'safety_officer', person: 999999999 }, '本区没有这个人员（999999999）', 'There is no person 999999999 in this district.'],
      [{ kind: 'merge', sources: ['1'] }, '第1项调整的所选网格：', 'Operation 1, sources: ']]) {
      await page.route('**/api/v1/reassignments', (r) => (r.request().method() === 'POST' ? r.continue({ postData: JSON.stringify({ district: district.id, title: '9999', reason: '9999', effective_on: district.today, operations: [operation] }) }) : r.continue()));
      await page.click('dialog.form footer button.primary');
      await page.waitForFunction((words) => document.querySelector('dialog .trouble')?.textContent.includes(words), language === 'zh' ? zh : en);
      await look(`refused ${operation.kind}`);
      await page.unroute('**/api/v1/reassignments');
    }
    for (const [kind, asked] of [['hazards', ''], ['inspections', ''], ['patrols', ''], ['accidents', ''], ['enterprises', '']])
      await at(`/?view=map&${DAY}&records=${encodeURIComponent(`/api/v1/${kind}?district=${district.id}${asked}`)}`, 'dialog.records .table, dialog.records .empty', kind);
    await at(`/?view=map&${DAY}&records=${encodeURIComponent(`/api/v1/assignments?district=${district.id}`)}`, 'dialog.records .table, dialog.records .empty', 'assignments');
    await at(`/?view=regions&${DAY}`, '.regions[data-ready]', 'regions');
    const plan = async (operations) => (await c('POST', '/api/v1/reassignments', { district: district.id, title: 'X1', reason: 'X2', effective_on: district.today, operations })).id;
    const other = towns.find((t) => t.id !== villages[2].parent);
    const drafts = [await plan([{ kind: 'assign', cell: String(villages[3].id), post: 'safety_officer', person: null }, { kind: 'move_cell', cell: String(villages[2].id), parent: String(other.id) }]),
      await plan([{ kind: 'merge', sources: [String(villages[4].id), String(villages[5].id)], into: { cell: String(villages[4].id) } }])];
    for (const [i, id] of drafts.entries()) {
      await at(`/?view=plans&plan=${id}`, 'section[data-plan] .problems, section[data-plan] .told', `plan ${i}`);
      await page.getByRole('button', { name: language === 'zh' ? '前后对比' : 'Before and after', exact: true }).click();
      await page.waitForSelector('.compare[data-ready]');
      await look(`plan ${i} compared`);
      await c('DELETE', `/api/v1/reassignments/${id}`);
    }
    await at('/?view=assessments', '.assessments[data-ready]', 'assessments');
    await page.getByRole('button', { name: language === 'zh' ? '拟考核…' : 'Draft an assessment…', exact: true }).click();
    await page.waitForSelector('dialog.form');
    await look('assessment form');
    const draft = (await c('POST', '/api/v1/assessments', { within: String(top), levels: ['district', 'town'], from: '2025-01-01', to: '2026-01-01', measures: ['hazard_density', 'inspection_coverage', 'accidents'], title: 'X1', reason: 'X2' })).id;
    await at(`/?view=assessments&assessment=${draft}`, 'section[data-figures]', 'assessment');
    await c('DELETE', `/api/v1/assessments/${draft}`);
    await at('/?view=imports', '.imports', 'imports');
    await page.selectOption('select[name=kind]', 'person');
    await page.setInputFiles('input[type=file]', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('工号,姓名,联系电话\nW1,张三,10000009001\n,李四,10000009002\n') });
    await page.waitForSelector('select[name=key]');
    await look('imports mapped');
    await page.getByRole('button', { name: language === 'zh' ? '试导入' : 'Try', exact: false }).first().click();
    await page.waitForSelector('.report');
    await look('imports report');
    await page.setInputFiles('input[type=file]', { name: 'b.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('nothing') });
    await page.waitForSelector('.trouble');
    await look('imports refused');
    await close();
    assert.deepEqual([...new Set(left)], []);
  });

  test(`the views of a leader and an officer, in ${language}`, async () => {
    const { left, at, look, page, close } = await walker('leader', language);
    await signIn(page, 'leader', '/');
    await page.waitForSelector('.home[data-ready]');
    await look('home');
    await at(`/?view=map&${DAY}&panel=findings`, MAP, 'findings');
    await at(`/?view=regions&${DAY}&level=village`, '.regions[data-ready]', 'regions');
    await page.fill('.search input', '9999');
    await page.waitForTimeout(800);
    await look('search');
    await close();
    const officer = await walker('officer', language, PHONE);
    await signIn(officer.page, 'officer', '/?view=field');
    await officer.page.waitForSelector('.field_view[data-ready] .due_list button');
    await officer.look('field');
    await officer.page.click('.due_list button >> nth=0');
    await officer.page.waitForSelector('dialog.form');
    await officer.look('record');
    await officer.close();
    assert.deepEqual([...new Set([...left, ...officer.left])], []);
  });
}
