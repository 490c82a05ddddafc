import { describe, expect, test } from 'vitest';
import { breaksOf, classOf, round125, spread } from './classes';

describe('classes', () => {
  test('round numbers', () => {
    expect([0.0031, 0.07, 1.4, 23, 180, 7000].map(round125)).toEqual([0.0025, 0.05, 1, 25, 200, 5000]);
    expect(round125(0)).toBe(0);
  });
  test('shares have fifths whatever the values are', () => {
    expect(breaksOf([0.99, 1], true, 'better')).toEqual([0.2, 0.4, 0.6, 0.8]);
  });
  test('breaks rise, lie within what there is, and zeros do not move them', () => {
    const values = Array.from({ length: 100 }, (_, i) => i / 10);
    const breaks = breaksOf(values, false, 'worse');
    expect(breaks).toEqual([...breaks].sort((a, b) => a - b));
    expect(breaks.every((b) => b > 0 && b < 9.9)).toBe(true);
    expect(breaksOf([...values, ...Array<number>(500).fill(0)], false, 'worse')).toEqual(breaks);
  });
  test('zero is a class of its own, a bound belongs to the class above it', () => {
    expect([0, 0.1, 1, 4, 5].map((v) => classOf(v, [1, 5]))).toEqual([-1, 0, 1, 1, 2]);
  });
  test('the last class is the darkest', () => {
    expect(spread(['a', 'b', 'c', 'd', 'e'], 3)).toEqual(['a', 'c', 'e']);
    expect(spread(['a', 'b', 'c', 'd', 'e'], 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
