import { expect, test } from 'vitest';
import { zoomAt } from './map/layers';

test('the zoom at which so many metres are so many pixels', () => {
  expect(zoomAt(40_075_017 / 512, 1, 0)).toBeCloseTo(0);
  expect(zoomAt(1000, 512, 60)).toBeCloseTo(Math.log2(40_075_017 / 2000)); // at 60 degrees the world is half as wide
  expect(zoomAt(500, 36, 30) - zoomAt(1000, 36, 30)).toBeCloseTo(1); // half as large: a zoom later
});
