import { expect, test } from 'vitest';
import { classOf } from './classes';

test('zero is in no class, a limit belongs to the class below it, and the last may have no end', () => {
  const classes = [{ high: 1 }, { high: 5 }, { high: null }];
  expect([0, 0.1, 1, 1.01, 5, 5.01, 1e9].map((v) => classOf(v, classes))).toEqual([-1, 0, 0, 1, 1, 2, 2]);
});
