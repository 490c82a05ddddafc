import { describe, expect, it } from 'vitest';
import { fromGcj02, movedCoordinates, toGcj02 } from './map/gcj02';

describe('GCJ-02', () => {
  it('is what others make it', () => { // the example of the package coordtransform
    const [lon, lat] = toGcj02([116.404, 39.915]);
    expect(lon).toBeCloseTo(116.41024449916938, 9);
    expect(lat).toBeCloseTo(39.91640428150164, 9);
  });
  it('comes back', () => {
    for (let lon = 74; lon < 135; lon += 3.7) for (let lat = 18; lat < 53; lat += 4.1) {
      const [x, y] = fromGcj02(toGcj02([lon, lat]));
      expect(x).toBeCloseTo(lon, 9);
      expect(y).toBeCloseTo(lat, 9);
    }
  });
  it('moves nothing outside China', () => {
    expect(toGcj02([-87.63, 41.88])).toEqual([-87.63, 41.88]);
  });
  it('moves each position of a shape', () => {
    const ring = [[116, 39], [117, 39], [117, 40]] as [number, number][];
    expect(movedCoordinates([[ring]])).toEqual([[ring.map(toGcj02)]]);
  });
});
