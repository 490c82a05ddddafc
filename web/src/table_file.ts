import { zipSync } from 'fflate';
import { parse } from 'papaparse';

/** A table that a person chose to import: its columns with samples, what they probably mean, the recipe, and the archive that is sent. */
export const KINDS = ['enterprise', 'person', 'assignment', 'hazard', 'inspection', 'patrol'] as const;
export type Kind = (typeof KINDS)[number];

/** What each kind takes, with the heads by which a column is known; those that it must have come first, marked. */
const VISIT = { 'key*': ['编号', '检查编号', '巡查编号'], 'day*': ['日期', '检查日期', '巡查日期'], enterprise: ['企业编码', '企业代码', '统一社会信用代码'], result: ['结果'], officer: ['人员', '检查人员', '巡查人员'], department: ['部门', '检查部门'], lon: ['经度'], lat: ['纬度'] };
const FIELDS: Record<Kind, Record<string, string[]>> = {
  enterprise: { 'code*': ['统一社会信用代码', '企业编码', '企业代码', '代码'], 'name*': ['企业名称', '单位名称', '名称'], parent: ['村居代码', '网格编码', '所属网格'], kind: ['类型', '企业类型'], address: ['地址', '经营地址'], industry: ['行业', '所属行业'], headcount: ['人数', '从业人数', '职工人数'], risk_grade: ['风险等级'], principal: ['负责人', '主要负责人', '法定代表人'], phone: ['电话', '联系电话', '手机'], lead_department: ['牵头部门', '行业主管部门'], lon: ['经度', 'lng', 'longitude'], lat: ['纬度', 'latitude'] },
  person: { 'key*': ['工号', '人员编号', '编号'], 'name*': ['姓名'], phone: ['电话', '联系电话', '手机'] },
  assignment: { 'key*': ['编号', '任职编号'], 'cell*': ['网格编码', '村居代码', '网格'], 'post*': ['岗位'], 'person*': ['工号', '人员编号', '人员'], 'from*': ['起', '任职日期', '起始日期'], to: ['止', '终止日期'], acting: ['代理'] },
  hazard: { 'key*': ['隐患编号', '编号'], 'day*': ['发现日期', '日期'], enterprise: ['企业编码', '企业代码', '统一社会信用代码'], cell_code: ['网格编码', '村居代码'], source: ['来源'], grade: ['等级', '隐患等级'], category: ['类别', '隐患类别'], description: ['描述', '隐患描述'], due_on: ['整改期限'], closed_on: ['销号日期', '闭环日期'], lon: ['经度'], lat: ['纬度'] },
  inspection: VISIT, patrol: VISIT,
};

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

/** Rows of a CSV; whether commas, semicolons or tabs are between is found out. */
export const rowsOf = (text: string): string[][] => parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy', delimitersToGuess: [',', ';', '\t'] }).data;

export interface TableFile { name: string; bytes: Uint8Array<ArrayBuffer>; encoding: 'UTF-8' | 'GBK'; heads: string[]; samples: string[][]; rows: number }

/** A CSV in UTF-8, or else in GBK. */
export function tableOf(name: string, bytes: Uint8Array<ArrayBuffer>): TableFile {
  let text: string, encoding: TableFile['encoding'] = 'UTF-8';
  try { text = new TextDecoder('utf-8', { fatal: true }).decode(bytes); } catch { text = new TextDecoder('gb18030').decode(bytes); encoding = 'GBK'; }
  const [heads = [], ...rows] = rowsOf(text);
  return { name, bytes, encoding, heads: heads.map((h) => h.trim()), samples: rows.slice(0, 5), rows: rows.length };
}

/** Text of TOML. */
const quote = (text: string): string => JSON.stringify(text).replace(/\u007f/g, '\\u007F');

export interface Wanted { kind: Kind; columns: Record<string, string>; crs: string; district: { scheme: string; time_zone: string; holds_from: string; synthetic: boolean } }

/** The recipe for one table of a district that is there. */
export function recipeOf(file: Pick<TableFile, 'encoding'>, { kind, columns, crs, district }: Wanted): string {
  const chosen = fieldsOf(kind).flatMap(({ name }) => (columns[name] ? [`${name} = ${quote(columns[name])}`] : []));
  return [
    '[district]', `scheme = ${quote(district.scheme)}`, `time_zone = ${quote(district.time_zone)}`, `holds_from = ${district.holds_from}`, ...(district.synthetic ? ['synthetic = true'] : []), '',
    '[[table]]', `kind = "${kind}"`, 'file = "table.csv"', ...(file.encoding === 'GBK' ? ['encoding = "GBK"'] : []), ...(columns['lon'] ? [`crs = ${quote(crs)}`] : []), `columns = { ${chosen.join(', ')} }`, '',
  ].join('\n');
}

/** Files in a .zip. */
export const zipped = (files: Record<string, Uint8Array<ArrayBuffer>>): Blob => new Blob([zipSync(files, { level: 1 })], { type: 'application/zip' });
