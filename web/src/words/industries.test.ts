import { expect, test } from 'vitest';
import names from '../../../api/industries.json';
import { industryText } from './industries';

test('a code is told by the name of the longest beginning that is known, and what is no code as it is', () => {
  expect(industryText('C26', true)).toBe('化学原料和化学制品制造业 C26');
  expect(industryText('C2631', true)).toBe('农药制造 C2631');
  expect(industryText('H6210', true)).toBe('餐饮业 H6210');
  expect(industryText('C', true)).toBe('制造业 C');
  for (const other of ['C9', 'C26化工', '渔家乐', 'Z01', 'C12345']) expect(industryText(other, true)).toBe(other);
  expect(industryText('H6210', false)).toBe('catering H6210');
});

test('all 20 sections and 97 divisions are there, each division in its section', () => {
  const codes = Object.keys(names), begins = [1, 6, 13, 44, 47, 51, 53, 61, 63, 66, 70, 71, 73, 76, 80, 83, 84, 86, 91, 97];
  const section = (n: number) => String.fromCharCode(64 + begins.filter((b) => b <= n).length);
  expect(codes.filter((c) => c.length === 1).join('')).toBe('ABCDEFGHIJKLMNOPQRST');
  expect(codes.filter((c) => c.length === 3)).toEqual(Array.from({ length: 97 }, (_, i) => section(i + 1) + String(i + 1).padStart(2, '0')));
});
