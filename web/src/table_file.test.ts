import { describe, expect, it } from 'vitest';
import { fixed, guessed, recipeOf, tableFileOf, type Wanted } from './table_file';

const DISTRICT = { scheme: 's', time_zone: 'Asia/Shanghai', holds_from: '2023-01-01', synthetic: true };
const wanted = (of: Partial<Wanted>): Wanted => ({ kind: 'person', columns: {}, reading: { layer: '', header: 1, encoding: '', crs: '' }, repair: false, posts: {}, credit: '', code: '01', district: DISTRICT, ...of });

const file = (name: string) => Object.assign(new Blob(['x']), { name }); // Debian's Node has no File

describe('a file to import', () => {
  it('is taken by its kind, under a name of its own', async () => {
    expect((await tableFileOf(file('../../人员 名单.XLSX')))?.name).toBe('table.xlsx');
    expect((await tableFileOf(file('边界.zip')))?.name).toBe('table.zip');
    expect((await tableFileOf(file('边界.zip')))?.called).toBe('边界.zip');
    expect(await tableFileOf(file('旧表.xls'))).toBeNull();
  });
  it('has its columns guessed, each once', () => {
    expect(guessed('enterprise', ['序号', '企业名称', '统一社会信用代码', '经度(°)', '纬度', '联系电话', '名称备注'])).toEqual({ code: '统一社会信用代码', name: '企业名称', lon: '经度(°)', lat: '纬度', phone: '联系电话' });
    expect(guessed('assignment', ['人员编号'])).toEqual({ person: '人员编号' }); // and not the key of the assignment too
    expect(guessed('person', ['key', 'name'])).toEqual({ key: 'key', name: 'name' });
    expect(guessed('village', ['CODE', 'NAME', '所属街镇'])).toEqual({ code: 'CODE', name: 'NAME', parent: '所属街镇' });
  });
  it('becomes a recipe whose texts cannot leave their quotes', () => {
    const recipe = recipeOf('table.csv', wanted({ columns: { key: 'a"\n[x]', name: '姓名' }, reading: { layer: '', header: 3, encoding: 'GBK', crs: '' } }));
    expect(recipe).toContain('columns = { key = "a\\"\\n[x]", name = "姓名" }');
    expect(recipe).toContain('encoding = "GBK"');
    expect(recipe).toContain('header = 3');
    expect(recipe).not.toContain('crs');
  });
  it('says the coordinates of columns, and of shapes only where the file does not', () => {
    expect(recipeOf('table.xlsx', wanted({ kind: 'enterprise', columns: { code: 'c', lon: 'x', lat: 'y' } }))).toContain('crs = "EPSG:4490"');
    expect(recipeOf('table.zip', wanted({ kind: 'village', columns: { code: 'c' } }))).not.toContain('crs');
    expect(recipeOf('table.zip', wanted({ kind: 'village', columns: { code: 'c' }, repair: true, reading: { layer: '村居', header: 1, encoding: '', crs: 'GCJ-02' } }))).toMatch(/layer = "村居"\ncrs = "GCJ-02"\nrepair = true/);
  });
  it('is of a basemap where it is drawn, with the words of maps', () => {
    expect(guessed('road', ['OBJECTID', '道路等级', '道路名称'])).toEqual({ class: '道路等级', name: '道路名称' });
    const recipe = recipeOf('table.zip', wanted({ kind: 'road', columns: { class: '道路等级', name: '道路名称' }, credit: '市测绘院 "2025"' }));
    expect(recipe).toMatch(/^\[basemap\]\nscheme = "s"\ncode = "01"\ncredit = "市测绘院 \\"2025\\""\nsynthetic = true\n/);
    expect(recipe).not.toMatch(/holds_from|time_zone/);
    expect(recipe).toMatch(/values\.class = \{ .*"国道" = "trunk".*footway = "path"/);
    expect(recipeOf('t.zip', wanted({ kind: 'water', columns: { class: fixed('river'), name: 'n' } }))).toContain('constants = { class = "river" }');
  });
  it('has people’s words translated, and what is the same for all rows said once', () => {
    const recipe = recipeOf('table.xlsx', wanted({ kind: 'hazard', columns: { key: '编号', day: '日期', source: fixed('patrol'), grade: '等级' } }));
    expect(recipe).toContain('constants = { source = "patrol" }');
    expect(recipe).toContain('columns = { key = "编号", day = "日期", grade = "等级" }');
    expect(recipe).toMatch(/values\.grade = \{ "一般" = "general".*"重大隐患" = "major" \}/);
    expect(recipe).not.toContain('values.source');
    expect(recipeOf('t.csv', wanted({ kind: 'assignment', columns: { post: '岗位' }, posts: { 安全员: 'safety_officer' } }))).toContain('values.post = { "安全员" = "safety_officer" }');
  });
});
