import { zipSync } from 'fflate';
import type { Schemas } from './api/client';

/** A file that a person chose to import: what the server sees in it, what its columns probably mean, the recipe, and the archive that is sent. */
export const KINDS = ['enterprise', 'person', 'assignment', 'hazard', 'inspection', 'patrol', 'town', 'village', 'road', 'rail', 'water', 'land', 'place'] as const;
export type Kind = (typeof KINDS)[number];
export const isCell = (kind: Kind): boolean => kind === 'town' || kind === 'village';
/** Whether a kind is drawn below the map: it replaces what the district had of it. */
export const isDrawn = (kind: Kind): boolean => kind in CLASSES;

/** What each kind takes, with the heads by which a column is known; those that it must have come first, marked. */
const VISIT = { 'key*': ['编号', '检查编号', '巡查编号'], 'day*': ['日期', '检查日期', '巡查日期'], 'result*': ['结果'], enterprise: ['企业编码', '企业代码', '统一社会信用代码'], officer: ['人员', '检查人员', '巡查人员'], department: ['部门', '检查部门'], lon: ['经度'], lat: ['纬度'] };
const FIELDS: Record<Kind, Record<string, string[]>> = {
  enterprise: { 'code*': ['统一社会信用代码', '企业编码', '企业代码', '代码'], 'name*': ['企业名称', '单位名称', '名称'], parent: ['村居代码', '网格编码', '所属网格'], kind: ['类型', '企业类型'], address: ['地址', '经营地址'], industry: ['行业', '所属行业'], headcount: ['人数', '从业人数', '职工人数'], risk_grade: ['风险等级'], principal: ['负责人', '主要负责人', '法定代表人'], phone: ['电话', '联系电话', '手机'], lead_department: ['牵头部门', '行业主管部门'], lon: ['经度', 'lng', 'longitude'], lat: ['纬度', 'latitude'] },
  person: { 'key*': ['工号', '人员编号', '编号'], 'name*': ['姓名'], phone: ['电话', '联系电话', '手机'] },
  assignment: { 'key*': ['编号', '任职编号'], 'cell*': ['网格编码', '村居代码', '网格'], 'post*': ['岗位'], 'person*': ['工号', '人员编号', '人员'], 'from*': ['起', '任职日期', '起始日期'], to: ['止', '终止日期'], acting: ['代理'] },
  hazard: { 'key*': ['隐患编号', '编号'], 'day*': ['发现日期', '日期'], 'source*': ['来源', '隐患来源'], 'grade*': ['等级', '隐患等级'], enterprise: ['企业编码', '企业代码', '统一社会信用代码'], cell_code: ['网格编码', '村居代码'], category: ['类别', '隐患类别'], description: ['描述', '隐患描述'], due_on: ['整改期限'], closed_on: ['销号日期', '闭环日期'], lon: ['经度'], lat: ['纬度'] },
  inspection: VISIT, patrol: VISIT,
  town: { 'code*': ['街镇代码', '街道代码', '行政区划代码', '代码', '编码'], 'name*': ['街镇名称', '街道名称', '名称'], 'parent*': ['区县代码', '上级代码', '所属区'], kind: ['类型'] },
  village: { 'code*': ['村居代码', '网格编码', '行政区划代码', '代码', '编码'], 'name*': ['村居名称', '网格名称', '名称'], 'parent*': ['街镇代码', '上级代码', '所属街镇'], kind: ['类型'] },
  road: { 'class*': ['道路等级', '技术等级', '等级', '道路类型', 'highway', 'fclass'], name: ['道路名称', '路名', '名称'] },
  rail: { class: ['类型', 'railway', 'fclass'], name: ['线路名称', '名称'] },
  water: { class: ['类型', '类别', 'waterway'], name: ['水系名称', '河流名称', '名称'] },
  land: { 'class*': ['用地类型', '地类名称', '类型', 'landuse', 'fclass'], name: ['名称'] },
  place: { 'class*': ['地名类别', '类别', '类型', 'fclass'], 'name*': ['地名', '名称'], lon: ['经度', 'longitude'], lat: ['纬度', 'latitude'] },
};

/** What people write for the values of the contract; what the contract itself says is taken as it is. */
const VALUES: Record<string, Record<string, string>> = {
  source: { 自查: 'self_check', 企业自查: 'self_check', 巡查: 'patrol', 检查: 'inspection', 执法检查: 'inspection', 举报: 'public_report', 群众举报: 'public_report', 其他: 'other' },
  grade: { 一般: 'general', 一般隐患: 'general', 重大: 'major', 重大隐患: 'major' },
  result: { 完成: 'completed', 已完成: 'completed', 未成: 'attempted', 未完成: 'attempted' },
  risk_grade: { 红: '1', 重大: '1', 橙: '2', 较大: '2', 黄: '3', 一般: '3', 蓝: '4', 低: '4' },
};

/** What is drawn has a class: what people, and OpenStreetMap, write for the contract's. */
const CLASSES: Partial<Record<Kind, Record<string, string>>> = {
  road: {
    高速公路: 'motorway', 高速: 'motorway', 国道: 'trunk', 快速路: 'trunk', 省道: 'primary', 主干道: 'primary', 主干路: 'primary', 县道: 'secondary', 次干道: 'secondary', 次干路: 'secondary', 乡道: 'tertiary', 支路: 'tertiary', 村道: 'residential', 街巷: 'residential', 内部道路: 'service', 小路: 'path', 人行道: 'path', 拟建: 'none', 在建: 'none',
    motorway_link: 'motorway', trunk_link: 'trunk', primary_link: 'primary', secondary_link: 'secondary', tertiary_link: 'tertiary', unclassified: 'residential', living_street: 'residential', pedestrian: 'path', track: 'path', footway: 'path', cycleway: 'path', bridleway: 'path', steps: 'path', proposed: 'none', construction: 'none',
  },
  rail: { 铁路: 'rail', 高铁: 'rail', 地铁: 'subway', 轻轨: 'subway', light_rail: 'subway', tram: 'subway' },
  water: { 湖泊: 'water', 水库: 'water', 坑塘: 'water', 水面: 'water', 河流: 'river', 河: 'river', 运河: 'canal', 沟渠: 'canal', 渠: 'canal', 溪流: 'stream', 溪: 'stream', reservoir: 'water', lake: 'water', ditch: 'canal', drain: 'canal' },
  land: { 林地: 'forest', 公园: 'park', 公园绿地: 'park', 草地: 'grass', 耕地: 'farmland', 农田: 'farmland', 居住用地: 'residential', 住宅用地: 'residential', 工业用地: 'industrial', 工矿用地: 'industrial', wood: 'forest', meadow: 'grass', farmyard: 'farmland' },
  place: { 城市: 'city', 市: 'city', 街镇: 'town', 镇: 'town', 乡: 'town', 村: 'village', 村庄: 'village', 地名: 'locality', hamlet: 'village', suburb: 'town' },
};
const CLASS_NAMES: Partial<Record<Kind, readonly string[]>> = {
  road: ['motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'residential', 'service', 'path'], rail: ['rail', 'subway'], water: ['water', 'river', 'canal', 'stream'], land: ['forest', 'park', 'grass', 'farmland', 'residential', 'industrial'], place: ['city', 'town', 'village', 'locality'],
};

/** Fields whose value may be the same for all rows, with the contract's words for it. */
const FIXED: Record<string, readonly string[]> = { source: ['self_check', 'patrol', 'inspection', 'public_report', 'other'], grade: ['general', 'major'], result: ['completed', 'attempted'] };
export const fixedOf = (kind: Kind, field: string): readonly string[] | undefined => (field === 'class' ? CLASS_NAMES[kind] : FIXED[field]);
/** What stands in place of a column for such a value. */
export const fixed = (value: string): string => `=${value}`;

export interface Field { name: string; required: boolean }
export const fieldsOf = (kind: Kind): Field[] => Object.keys(FIELDS[kind]).map((f) => ({ name: f.replace('*', ''), required: f.endsWith('*') }));

const plain = (text: string): string => text.trim().toLowerCase().replace(/[\s_（）()]/g, '');

/** Which column each field probably is: a head of that very name, else one that contains a known head. */
export function guessed(kind: Kind, heads: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {}, taken = new Set<string>();
  const take = (fits: (head: string, known: string[]) => boolean) => {
    for (const [field, known] of Object.entries(FIELDS[kind])) {
      const name = field.replace('*', '');
      const head = found[name] ? undefined : heads.find((h) => h && !taken.has(h) && fits(plain(h), [plain(name), ...known.map(plain)]));
      if (head) { found[name] = head; taken.add(head); }
    }
  };
  take((h, known) => known.includes(h));
  take((h, known) => known.slice(1).some((k) => k.length > 1 && h.includes(k)));
  return found;
}

/** Kinds of files that the server reads; a Shapefile comes as a .zip of its parts. */
export const SUFFIXES = ['.csv', '.txt', '.tsv', '.xlsx', '.ods', '.zip', '.gpkg', '.geojson', '.json', '.kml', '.fgb'] as const;
export const LARGEST = 60_000_000; // bytes; the server takes 64 MB with the recipe

/** `name`: as the archive has it; `called`: as whoever chose it knows it. */
export interface TableFile { bytes: Uint8Array<ArrayBuffer>; name: string; called: string }
/** A chosen file under a name of its own, so that what it is called plays no part; null where it is of no kind that is read. */
export async function tableFileOf(chosen: Pick<File, 'name' | 'size' | 'arrayBuffer'>): Promise<TableFile | null> {
  const suffix = SUFFIXES.find((s) => chosen.name.toLowerCase().endsWith(s));
  return suffix && chosen.size <= LARGEST ? { name: `table${suffix}`, called: chosen.name, bytes: new Uint8Array(await chosen.arrayBuffer()) } : null;
}

/** Text of TOML. */
const quote = (text: string): string => JSON.stringify(text).replace(/\u007f/g, '\\u007F');
const pairs = (of: readonly [string, string][]): string => `{ ${of.map(([k, v]) => `${/^\w+$/.test(k) ? k : quote(k)} = ${quote(v)}`).join(', ')} }`;

/** How a file is read. */
export interface Reading { layer: string; header: number; encoding: string; crs: string }
export interface Wanted {
  kind: Kind;
  columns: Record<string, string>; // field -> column, or a fixed value
  reading: Reading;
  repair: boolean; // of invalid polygons
  posts: Record<string, string>; // what posts are called -> their codes
  credit: string; // of what is drawn: whose data it is
  code: string | null; // of the district, as its scheme may have many
  district: Pick<Schemas['District'], 'scheme' | 'time_zone' | 'holds_from' | 'synthetic'>;
}

/** The recipe for one table of a district that is there. */
export function recipeOf(file: string, { kind, columns, reading: { layer, header, encoding, crs }, repair, posts, credit, code, district }: Wanted): string {
  const chosen = fieldsOf(kind).flatMap(({ name }): [string, string][] => (columns[name] ? [[name, columns[name]]] : []));
  const constants = chosen.filter(([field, c]) => fixedOf(kind, field) && c.startsWith('=')), of = chosen.filter((c) => !constants.includes(c));
  const system = crs || (columns['lon'] ? 'EPSG:4490' : '');
  const words = of.flatMap(([field]): [string, Record<string, string>][] => { const w = field === 'post' ? posts : field === 'class' ? CLASSES[kind] : VALUES[field]; return w ? [[field, w]] : []; });
  return [
    isDrawn(kind) ? '[basemap]' : '[district]', `scheme = ${quote(district.scheme)}`, ...(isDrawn(kind) ? [...(code ? [`code = ${quote(code)}`] : []), ...(credit ? [`credit = ${quote(credit)}`] : [])] : [`time_zone = ${quote(district.time_zone)}`, `holds_from = ${district.holds_from}`]), ...(district.synthetic ? ['synthetic = true'] : []), '',
    '[[table]]', `kind = "${kind}"`, `file = ${quote(file)}`,
    ...(layer ? [`layer = ${quote(layer)}`] : []), ...(header > 1 ? [`header = ${header}`] : []), ...(encoding ? [`encoding = ${quote(encoding)}`] : []), ...(system ? [`crs = ${quote(system)}`] : []), ...(repair ? ['repair = true'] : []),
    `columns = ${pairs(of)}`, ...(constants.length ? [`constants = ${pairs(constants.map(([field, c]) => [field, c.slice(1)]))}`] : []), ...words.map(([field, w]) => `values.${field} = ${pairs(Object.entries(w))}`), '',
  ].join('\n');
}

/** Files in a .zip. */
export const zipped = (files: Record<string, Uint8Array<ArrayBuffer>>): Blob => new Blob([zipSync(files, { level: 1 })], { type: 'application/zip' });
