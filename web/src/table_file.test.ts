import { describe, expect, it } from 'vitest';
import { guessed, recipeOf, rowsOf, tableOf } from './table_file';

describe('a table to import', () => {
  it('is read with quotes, lines in them, and semicolons', () => {
    expect(rowsOf('\uFEFFa,b\r\n"x, ""y""\nz",2\r\n\r\n')).toEqual([['a', 'b'], ['x, "y"\nz', '2']]);
    expect(rowsOf('a;b\n1,5;2\n2,5;3')).toEqual([['a', 'b'], ['1,5', '2'], ['2,5', '3']]);
  });
  it('is told to be GBK where it is not UTF-8', () => {
    const file = tableOf('x.csv', new Uint8Array([0xd0, 0xd5, 0xc3, 0xfb, 0x0a, 0xc0, 0xee])); // 姓名, 李
    expect([file.encoding, file.heads, file.samples]).toEqual(['GBK', ['姓名'], [['李']]]);
  });
  it('has its columns guessed, each once', () => {
    expect(guessed('enterprise', ['序号', '企业名称', '统一社会信用代码', '经度(°)', '纬度', '联系电话', '名称备注'])).toEqual({ code: '统一社会信用代码', name: '企业名称', lon: '经度(°)', lat: '纬度', phone: '联系电话' });
    expect(guessed('assignment', ['人员编号'])).toEqual({ person: '人员编号' }); // and not the key of the assignment too
    expect(guessed('person', ['key', 'name'])).toEqual({ key: 'key', name: 'name' });
  });
  it('becomes a recipe whose texts cannot leave their quotes', () => {
    const recipe = recipeOf({ encoding: 'GBK' }, { kind: 'person', columns: { key: 'a"\n[x]', name: '姓名' }, crs: 'GCJ-02', district: { scheme: 's', time_zone: 'Asia/Shanghai', holds_from: '2023-01-01', synthetic: true } });
    expect(recipe).toContain('columns = { key = "a\\"\\n[x]", name = "姓名" }');
    expect(recipe).toContain('encoding = "GBK"');
    expect(recipe).not.toContain('crs');
  });
});
