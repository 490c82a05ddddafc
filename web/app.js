// The plain page: sign in, the tree, cells on a map, a click for the chain of people and the figures.
import * as maplibregl from '/assets/maplibre-gl.mjs';

maplibregl.setWorkerUrl('/assets/maplibre-gl-worker.mjs');

const WORDS = {
  zh: { district: '区县', measure: '指标', level: '层级', from: '自', through: '至', mode: '口径', sign_in: '登录', sign_out: '退出', name: '用户名', password: '密码',
    purpose: '安全生产网格化管理', town: '街镇', village: '村居', as_was: '按当时', as_is: '按现行', other: 'English', loading: '读取中…', vacant: '缺岗', acting: '代理',
    people: '责任人', figures: '指标', records: '记录', base: '基数记录', nothing: '点选地图或左侧网格', none: '无值', direct: '未落村居', unplaced: '未落图',
    effort: '发现多不等于更危险：与巡查、检查力度有关。', wrong: '用户名或密码不对，或账号已锁定。', no_area: '无面积', no_denominator: '无企业', no_enterprise: '无企业',
    hazard_density: '隐患密度', open_hazard_density: '未整改隐患密度', hazards_per_enterprise: '每企业隐患', inspection_coverage: '检查覆盖率', inspection_visits: '检查次数',
    patrol_coverage: '巡查覆盖率', patrol_visits: '巡查次数', unit: { '1/km2': '个/km²', '1/enterprise': '个/企业', 1: '', visit: '次' } },
  en: { district: 'District', measure: 'Measure', level: 'Level', from: 'From', through: 'Through', mode: 'Attribution', sign_in: 'Sign in', sign_out: 'Sign out', name: 'Name', password: 'Password',
    purpose: 'Safety-production grid management', town: 'Towns', village: 'Villages', as_was: 'As was', as_is: 'As is', other: '中文', loading: 'Loading…', vacant: 'vacant', acting: 'acting',
    people: 'Responsible', figures: 'Figures', records: 'records', base: 'base', nothing: 'Choose a cell on the map or in the tree', none: 'No value', direct: 'in no village', unplaced: 'Unplaced',
    effort: 'More found is not more danger: it depends on how much was looked.', wrong: 'The name or the password is wrong, or the account is locked.', no_area: 'no area', no_denominator: 'no enterprise', no_enterprise: 'no enterprise',
    hazard_density: 'Hazard density', open_hazard_density: 'Open hazard density', hazards_per_enterprise: 'Hazards per enterprise', inspection_coverage: 'Inspection coverage', inspection_visits: 'Inspection visits',
    patrol_coverage: 'Patrol coverage', patrol_visits: 'Patrol visits', unit: { '1/km2': '/km²', '1/enterprise': '/enterprise', 1: '', visit: 'visits' } },
};
const MEASURES = ['hazard_density', 'open_hazard_density', 'hazards_per_enterprise', 'inspection_coverage', 'patrol_coverage', 'inspection_visits', 'patrol_visits'];
const COLOURS = ['#ffffb2', '#fecc5c', '#fd8d3c', '#f03b20', '#bd0026'];
const NO_VALUE = '#c8d0d8';

const $ = (id) => document.getElementById(id);
let language = navigator.language.startsWith('en') ? 'en' : 'zh';
let csrf = '';
let districts = [];
let answer = null;   // the figures on the map
let chosen = null;   // the id of the chosen cell
let turn = 0;        // of the newest request: answers of older ones are dropped
const t = (word) => WORDS[language][word] ?? word;

async function api(path, options = {}) {
  const response = await fetch('/api/v1' + path, { ...options, headers: { 'X-CSRF-Token': csrf, ...options.headers } });
  if (response.status === 401 && path !== '/sessions') { $('door').showModal(); throw new Error('401'); }
  if (!response.ok) throw new Error((await response.json()).detail);
  return response.status === 204 ? null : response.json();
}

const element = (name, properties = {}, ...children) => {
  const node = Object.assign(document.createElement(name), properties);
  node.append(...children.filter((c) => c !== null));
  return node;
};
const number = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
function shown(measure, figure) {
  if (figure.value === null) return `${t('none')} (${t(figure.reason)})`;
  if (measure.endsWith('coverage')) return (100 * figure.value).toFixed(1) + ' %';
  return `${figure.unit === 'visit' ? figure.value : number(figure.value)} ${t('unit')[figure.unit] ?? figure.unit}`;
}
const range = (measure, f) => f.low === null ? '' : measure.endsWith('coverage') ? `${(100 * f.low).toFixed(1)}–${(100 * f.high).toFixed(1)} %` : `${number(f.low)}–${number(f.high)}`;

// --- map -------------------------------------------------------------------------------------------------------------
const map = new maplibregl.Map({
  container: 'map', attributionControl: false,
  style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': '#eef2f5' } }] },
});
map.addControl(new maplibregl.NavigationControl({ showCompass: false }));
map.addControl(new maplibregl.ScaleControl(), 'bottom-right');
const ready = new Promise((done) => map.once('load', done));

/** Upper bounds of classes with about as many cells in each. */
function classes(values) {
  const sorted = values.filter((v) => v !== null).sort((a, b) => a - b);
  const breaks = COLOURS.slice(1).map((_, i) => sorted[Math.floor(((i + 1) * sorted.length) / COLOURS.length)]);
  return [...new Set(breaks)].filter((b) => b !== undefined && b > sorted[0]);
}

async function cellsOf(district, level, at) {
  const features = [];
  let after = '';
  do {
    const page = await api(`/cells?within=${district.cell}&level=${level}&at=${at}&limit=1000${after && '&after=' + after}`, { headers: { Accept: 'application/geo+json' } });
    features.push(...page.features);
    after = page.next ?? '';
  } while (after);
  return { type: 'FeatureCollection', features: features.filter((f) => f.geometry) };
}

function bounds(collection) {
  const box = new maplibregl.LngLatBounds();
  const walk = (c) => (typeof c[0] === 'number' ? box.extend(c) : c.forEach(walk));
  collection.features.forEach((f) => walk(f.geometry.coordinates));
  return box;
}

async function draw(collection, measure, fit) {
  await ready;
  const figures = new Map(answer.rows.map((r) => [r.cell.id, r.figures[measure]]));
  for (const f of collection.features) Object.assign(f.properties, { value: figures.get(f.id)?.value ?? null });
  const breaks = classes(collection.features.map((f) => f.properties.value));
  const colour = ['case', ['==', ['get', 'value'], null], NO_VALUE, breaks.length ? ['step', ['get', 'value'], COLOURS[0], ...breaks.flatMap((b, i) => [b, COLOURS[i + 1]])] : COLOURS[0]];
  if (map.getSource('cells')) {
    map.getSource('cells').setData(collection);
    map.setPaintProperty('cells', 'fill-color', colour);
  } else {
    map.addSource('cells', { type: 'geojson', data: collection });
    map.addLayer({ id: 'cells', type: 'fill', source: 'cells', paint: { 'fill-color': colour, 'fill-opacity': 0.85 } });
    map.addLayer({ id: 'borders', type: 'line', source: 'cells', paint: { 'line-color': '#51626f', 'line-width': 0.5 } });
    map.addLayer({ id: 'chosen', type: 'line', source: 'cells', filter: ['==', ['id'], -1], paint: { 'line-color': '#0b3c5d', 'line-width': 3 } });
    map.on('click', 'cells', (e) => choose(e.features[0].id));
    map.on('mouseenter', 'cells', () => { map.getCanvas().style.cursor = 'pointer'; });
    map.on('mouseleave', 'cells', () => { map.getCanvas().style.cursor = ''; });
  }
  if (fit && collection.features.length) map.fitBounds(bounds(collection), { padding: 30, animate: false });
  legend(measure, breaks);
}

function legend(measure, breaks) {
  const scale = (v) => (measure.endsWith('coverage') ? (100 * v).toFixed(0) + ' %' : number(v));
  const rows = COLOURS.slice(0, breaks.length + 1).map((c, i) => {
    const text = i === 0 ? (breaks.length ? `< ${scale(breaks[0])}` : t(measure)) : i === breaks.length ? `≥ ${scale(breaks[i - 1])}` : `${scale(breaks[i - 1])} – ${scale(breaks[i])}`;
    return element('div', {}, element('i', { style: `background:${c}` }), text);
  });
  rows.push(element('div', {}, element('i', { style: `background:${NO_VALUE}` }), t('none')));
  $('legend').replaceChildren(element('strong', { textContent: t(measure) }), ...rows, ...(measure.includes('hazard') ? [element('p', { textContent: t('effort') })] : []));
  $('legend').hidden = false;
}

// --- tree ------------------------------------------------------------------------------------------------------------
function row(cell, measure, figures) {
  const figure = figures.get(cell.id)?.[measure];
  const button = element('button', { type: 'button', title: cell.code }, cell.name, element('span', { className: 'value', textContent: figure ? shown(measure, figure).replace(/ .*/, (u) => (u.trim() === '%' ? ' %' : '')) : '' }));
  button.dataset.id = cell.id;
  return button;
}

async function tree(district, measure, at, towns) {
  const figures = new Map([...towns.rows, ...answer.rows].map((r) => [r.cell.id, r.figures]));
  const list = element('ul');
  for (const one of (await api(`/cells?parent=${district.cell}&at=${at}&limit=1000`)).items) {
    const item = element('li', {}, row(one, measure, figures));
    item.firstChild.onclick = async () => {
      choose(one.id);
      if (item.lastChild.tagName === 'UL') { item.lastChild.remove(); return; }
      if (one.level !== 'town') return;
      const inner = element('ul');
      for (const child of (await api(`/cells/${one.id}/children?at=${at}&level=village&limit=1000`)).items) {
        inner.append(element('li', {}, row(child, measure, figures)));
        inner.lastChild.firstChild.onclick = () => choose(child.id);
      }
      item.append(inner);
    };
    list.append(item);
  }
  const top = element('li', {}, row({ id: district.cell, name: district.name, code: district.scheme }, measure, figures), list);
  top.firstChild.onclick = () => choose(district.cell);
  $('tree').replaceChildren(element('ul', {}, top));
}

// --- one cell --------------------------------------------------------------------------------------------------------
async function choose(id) {
  chosen = id;
  for (const b of document.querySelectorAll('nav button')) b.setAttribute('aria-current', String(Number(b.dataset.id) === id));
  if (map.getLayer('chosen')) map.setFilter('chosen', ['==', ['id'], id]);
  const at = $('through').value;
  const { chain } = await api(`/cells/${id}/ancestors?at=${at}`);
  const cell = chain[0].cell;
  const own = await api(`/figures?within=${id}&level=${cell.level}&${windowQuery()}`);
  if (chosen !== id) return;
  const people = chain.map(({ cell: c, holders }) => element('li', {}, element('small', { textContent: `${c.name} ` }),
    ...(holders.length ? holders.map((h) => element('div', { textContent: `${h.person.name}${h.acting ? `（${t('acting')}）` : ''} ${h.person.phone}` })) : [element('div', { className: 'vacant', textContent: t('vacant') })])));
  const figures = Object.entries(own.rows[0]?.figures ?? {}).map(([name, f]) => element('tr', {}, element('th', { textContent: t(name) }),
    element('td', {}, element('strong', { textContent: shown(name, f) }), element('small', {},
      `${f.numerator}${f.denominator === null ? '' : ` / ${number(f.denominator)} ${f.denominator_unit}`} ${range(name, f) && `[${range(name, f)}] `}`,
      f.records ? element('a', { href: f.records, target: '_blank', textContent: t('records') }) : null, ' ',
      f.base_records ? element('a', { href: f.base_records, target: '_blank', textContent: t('base') }) : null))));
  $('detail').replaceChildren(element('h2', { textContent: cell.name }), element('p', { textContent: `${cell.kind} · ${cell.scheme}:${cell.code} · ${cell.area_km2 === null ? t('no_area') : number(cell.area_km2) + ' km²'}` }),
    element('h2', { textContent: t('people') }), element('ul', { className: 'chain' }, ...people), element('h2', { textContent: t('figures') }), element('table', {}, ...figures));
}

// --- asking ----------------------------------------------------------------------------------------------------------
const nextDay = (day) => new Date(Date.parse(day) + 86400000).toISOString().slice(0, 10);
const windowQuery = () => `from=${$('from').value}&to=${nextDay($('through').value)}&mode=${$('mode').value}`;

async function ask(fit) {
  if (!$('ask').reportValidity()) return;
  const mine = ++turn;
  const district = districts.find((d) => d.id === Number($('district').value));
  const measure = $('measure').value;
  const at = $('mode').value === 'as_is' ? district.today : $('through').value;
  $('synthetic').hidden = !district.synthetic;
  $('status').textContent = t('loading');
  try {
    const query = `within=${district.cell}&measures=${measure}&${windowQuery()}`;
    const [figures, towns, cells] = await Promise.all([api(`/figures?level=${$('level').value}&${query}`), api(`/figures?level=town&${query}`), cellsOf(district, $('level').value, at)]);
    if (mine !== turn) return;
    answer = figures;
    await Promise.all([draw(cells, measure, fit), tree(district, measure, at, towns)]);
    $('status').textContent = '';
    document.body.dataset.ready = String(mine);
    if (chosen === null) choose(district.cell); else choose(chosen);
  } catch (error) {
    if (mine === turn && error.message !== '401') $('status').textContent = error.message;
  }
}

function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const node of document.querySelectorAll('[data-t]')) node.textContent = t(node.dataset.t);
  for (const id of ['level', 'mode']) for (const o of $(id).options) o.textContent = t(o.value);
  const kept = $('measure').value;
  $('measure').replaceChildren(...MEASURES.map((m) => element('option', { value: m, textContent: t(m) })));
  $('measure').value = kept || MEASURES[0];
  $('language').textContent = t('other');
}

async function enter() {
  const me = await api('/me');
  csrf = me.csrf;
  $('door').close();
  $('who').textContent = me.display_name;
  $('leave').hidden = $('ask').hidden = false;
  districts = (await api('/districts')).items;
  for (const d of districts) d.name = (await api(`/cells/${d.cell}`)).name;
  districts.sort((a, b) => b.synthetic - a.synthetic);
  $('district').replaceChildren(...districts.map((d) => element('option', { value: d.id, textContent: d.name })));
  await enterDistrict();
}

/** Opens a district on the last year that it has events in. */
async function enterDistrict() {
  const district = districts.find((d) => d.id === Number($('district').value));
  chosen = null;
  $('through').value = district.last_day ?? district.today;
  $('from').value = new Date(Date.parse($('through').value) - 364 * 86400000).toISOString().slice(0, 10);
  await ask(true);
}

$('sign_in').onsubmit = async (event) => {
  event.preventDefault();
  try {
    await api('/sessions', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ username: $('username').value, password: $('password').value, cookie: true }) });
    $('refused').textContent = '';
    await enter();
  } catch { $('refused').textContent = t('wrong'); }
};
$('leave').onclick = async () => { await api('/sessions', { method: 'DELETE' }); location.reload(); };
$('language').onclick = () => { language = language === 'zh' ? 'en' : 'zh'; speak(); if (answer) ask(false); };
$('district').onchange = enterDistrict;
for (const id of ['measure', 'level', 'from', 'through', 'mode']) $(id).onchange = () => ask(false);
speak();
enter().catch((e) => { if (e.message !== '401') $('status').textContent = e.message; });
