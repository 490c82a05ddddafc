import type { Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boxAround, inside, rectangle } from './map/lasso';
import { halfway, lengthened, nearestOf, piecesCut, reshape } from './map/reshape';

const SQUARE: Polygon = { type: 'Polygon', coordinates: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]] };
const areaOf = (ring: Position[]) => Math.abs(ring.slice(0, -1).reduce((s, [x, y], i) => s + x! * ring[i + 1]![1]! - ring[i + 1]![0]! * y!, 0)) / 2;

describe('reshape', () => {
  it('takes ground from a neighbour where the line goes outside', () => {
    const { shape, replaced } = reshape(SQUARE, [[4, 1], [5, 2], [4, 3]])!;
    expect(areaOf(shape.coordinates[0]![0]!)).toBe(17);
    expect(replaced).toEqual([[4, 1], [4, 3]]);
  });
  it('gives ground away where it goes inside, over a corner and either way round', () => {
    const line: Position[] = [[4, 3], [3, 3], [3, 4]];
    for (const l of [line, [...line].reverse()]) {
      const { shape, replaced } = reshape(SQUARE, l)!;
      expect(areaOf(shape.coordinates[0]![0]!)).toBe(15);
      expect(replaced).toContainEqual([4, 4]);
    }
  });
  it('closes its ring and repeats no vertex where the line ends on one', () => {
    const ring = reshape(SQUARE, [[0, 0], [-1, 2], [0, 4]])!.shape.coordinates[0]![0]!;
    expect(ring[0]).toEqual(ring.at(-1));
    expect(new Set(ring.slice(1).map(String)).size).toBe(ring.length - 1);
    expect(areaOf(ring)).toBe(18);
  });
  it('keeps holes and other pieces', () => {
    const { shape } = reshape({ type: 'MultiPolygon', coordinates: [[[[9, 9], [10, 9], [10, 10], [9, 9]]], [SQUARE.coordinates[0]!, [[1, 1], [2, 1], [2, 2], [1, 1]]]] }, [[4, 1], [5, 2], [4, 3]])!;
    expect(shape.coordinates.map((p) => p.length)).toEqual([1, 2]);
  });
});

describe('cuts', () => {
  it('counts pieces once the ends reach over the border', () => {
    expect(piecesCut(SQUARE, lengthened([[0, 2], [4, 2]], 0.001))).toBe(2);
    expect(piecesCut(SQUARE, [[1, 2], [3, 2]])).toBe(1);
    expect(piecesCut(SQUARE, [[1, -1], [1, 5], [3, 5], [3, -1]])).toBe(3);
  });
  it('finds the neighbour beside a border', () => {
    const other = (id: number, x: number) => ({ id, geometry: { ...SQUARE, coordinates: [SQUARE.coordinates[0]!.map(([a, b]) => [a! + x, b!])] } });
    expect(nearestOf([other(1, -4), other(2, 4)], [4, 2])?.id).toBe(2);
  });
  it('takes what lies along the stretch, not what touches the corner at its end', () => {
    const at = (id: number, x: number, y: number) => ({ id, geometry: { ...SQUARE, coordinates: [SQUARE.coordinates[0]!.map(([a, b]) => [a! + x, b! + y])] } });
    const { replaced } = reshape(SQUARE, [[4, 4], [3, 2], [4, 0]])!;
    expect(halfway(replaced)).toEqual([4, 2]);
    expect(nearestOf([at(1, 0, 4), at(2, 0, -4), at(3, 4, 0)], halfway(replaced))?.id).toBe(3);
    expect(halfway([[0, 0], [1, 0], [1, 3]])).toEqual([1, 1]);
  });
});

describe('a lasso', () => {
  it('holds what is inside, in a bay too', () => {
    const ring = [[0, 0], [4, 0], [4, 4], [2, 1], [0, 4]] as const;
    expect(inside(ring, 1, 1)).toBe(true);
    expect(inside(ring, 2, 3)).toBe(false);
    expect(inside(rectangle([3, 3], [1, 1]), 2, 2)).toBe(true);
    expect(boxAround(ring)).toEqual([0, 0, 4, 4]);
  });
});
