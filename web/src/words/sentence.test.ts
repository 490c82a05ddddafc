import { describe, expect, it } from 'vitest';
import { filled, placesOf, refilled, Sentences } from './sentence';

const said = (lines: Record<string, string>, sentence: string): string | null => {
  const found = new Sentences(lines).find(sentence);
  return found && filled(found.chinese, (p) => found.values[p.index] ?? '');
};

describe('sentences of the server', () => {
  it('are told with their values in their places, in the order of the other language', () => {
    const lines = { 'There is no person {} in this district.': '本区没有人员{0}。', 'The {} certificate of person {} ends on {}.': '{1}的{0}证{2}到期。' };
    expect(said(lines, 'There is no person 17 in this district.')).toBe('本区没有人员17。');
    expect(said(lines, 'The enforcement certificate of person 4 ends on 2026-01-01.')).toBe('4的enforcement证2026-01-01到期。');
  });
  it('mean their signs as signs', () => {
    const lines = { 'It is 5 % (or more) of {}? [yes] a+b.': '占{0}的5%。', '"{}" is not "known": give \'it\'': '没有“{0}”' };
    expect(said(lines, 'It is 5 % (or more) of x? [yes] a+b.')).toBe('占x的5%。');
    expect(said(lines, 'It is 5 % (or more) of x? [yes] aab.')).toBeNull();
    expect(said(lines, '"a "b" \'c\'" is not "known": give \'it\'')).toBe('没有“a "b" \'c\'”');
  });
  it('do not take what stands in a value for a place', () => {
    expect(said({ 'No cell is {} on {}.': '{1}没有{0}。' }, 'No cell is {1} $& $1 on 2026-01-01.')).toBe('2026-01-01没有{1} $& $1。');
  });
  it('are those of the template that says most itself', () => {
    const lines = { '{}': '{0}', 'There is no {}.': '没有{0}。', 'There is no such {}.': '没有这样的{0}。', 'There is no such plan.': '没有这个方案。' };
    expect(said(lines, 'There is no such plan.')).toBe('没有这个方案。');
    expect(said(lines, 'There is no such hazard.')).toBe('没有这样的hazard。');
    expect(said(lines, 'There is no hope.')).toBe('没有hope。');
  });
  it('may have values over several lines, or none', () => {
    expect(said({ 'It has {}{}.': '有{0}{1}。' }, 'It has a\nb.')).toBe('有a\nb。');
  });
  it('that nobody knows are not found', () => {
    expect(said({ 'There is no such plan.': '没有这个方案。' }, 'There is no such plan')).toBeNull();
  });
});

it('a template is filled again', () => {
  expect(refilled('Person {} has no {} certificate.', ['李', 'enforcement'])).toBe('Person 李 has no enforcement certificate.');
  expect(placesOf('{1:person}没有{0}')).toEqual([{ index: 1, kind: 'person' }, { index: 0, kind: '' }]);
});
