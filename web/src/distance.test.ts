import { expect, test } from 'vitest';
import { metresBetween } from './distance';

test('a degree of a meridian is 111.195 km on the sphere of 6,371 km', () => {
  expect(metresBetween({ lon: 124, lat: 30 }, { lon: 124, lat: 31 })).toBeCloseTo(111_194.93, 1);
  expect(metresBetween({ lon: 124, lat: 60 }, { lon: 125, lat: 60 })).toBeCloseTo(55_596.93, 1); // 2 R asin(cos 60° sin 0.5°)
});
