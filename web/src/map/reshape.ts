/** A border drawn anew: of a ring, the stretch between the ends of a line is replaced by the line. Degrees; only which side of what is asked, so the plane does. */
import type { MultiPolygon, Polygon, Position } from 'geojson';

export interface Reshaped {
  shape: MultiPolygon;
  replaced: Position[]; // the stretch of border that was taken out
}

const crossSum = (ring: readonly Position[]): number => ring.reduce((sum, [ax, ay], i) => { const [bx, by] = ring[(i + 1) % ring.length]!; return sum + (ax! - ring[0]![0]!) * (by! - ring[0]![1]!) - (bx! - ring[0]![0]!) * (ay! - ring[0]![1]!); }, 0);

/** The nearest point of a ring, as the index of the side it is on and how far along that, with the square of the distance. */
function nearest(ring: readonly Position[], [x, y]: Position): { side: number; along: number; d2: number } {
  let best = { side: 0, along: 0, d2: Infinity };
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = ring[i] as [number, number], [bx, by] = ring[i + 1] as [number, number];
    const l2 = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = l2 === 0 ? 0 : Math.max(0, Math.min(1, ((x! - ax) * (bx - ax) + (y! - ay) * (by - ay)) / l2));
    const d2 = (ax + along * (bx - ax) - x!) ** 2 + (ay + along * (by - ay) - y!) ** 2;
    if (d2 < best.d2) best = { side: i, along, d2 };
  }
  return best;
}

/** Vertices of a closed ring strictly between two places on it, going forward. */
function between(ring: readonly Position[], a: { side: number; along: number }, b: { side: number; along: number }): Position[] {
  const n = ring.length - 1; // the last repeats the first
  const steps = (b.side - a.side + (a.side > b.side || (a.side === b.side && a.along > b.along) ? n : 0));
  return Array.from({ length: steps }, (_, i) => ring[(a.side + 1 + i) % n]!);
}

const same = (a: Position, b: Position): boolean => a[0] === b[0] && a[1] === b[1];
const close = (ring: Position[]): Position[] => { const clean = ring.filter((p, i) => i === 0 || !same(p, ring[i - 1]!)); return same(clean[0]!, clean.at(-1)!) ? clean : [...clean, clean[0]!]; };

/** `shape` with the border between the ends of `line` replaced by it; of the two that are possible the larger. Null where the line is shorter than two points. */
export function reshape(shape: Polygon | MultiPolygon, line: readonly Position[]): Reshaped | null {
  if (line.length < 2) return null;
  const polygons = shape.type === 'Polygon' ? [shape.coordinates] : shape.coordinates;
  const from = line[0]!, to = line.at(-1)!;
  const far = (ring: readonly Position[]) => nearest(ring, from).d2 + nearest(ring, to).d2;
  const at = polygons.reduce((best, p, i) => (far(p[0]!) < far(polygons[best]![0]!) ? i : best), 0);
  const ring = polygons[at]![0]!, a = nearest(ring, from), b = nearest(ring, to);
  const ahead = between(ring, a, b), behind = between(ring, b, a);
  const one = close([...line, ...behind]), other = close([...[...line].reverse(), ...ahead]);
  const keepsBehind = Math.abs(crossSum(one)) >= Math.abs(crossSum(other));
  const coordinates = polygons.map((p, i) => (i === at ? [keepsBehind ? one : other, ...p.slice(1)] : p));
  return { shape: { type: 'MultiPolygon', coordinates }, replaced: keepsBehind ? [from, ...ahead, to] : [to, ...behind, from] };
}

/** A line whose ends reach a little beyond where they were set, so that it cuts what it was snapped to. */
export function lengthened(line: readonly Position[], by: number): Position[] {
  const beyond = ([x, y]: Position, [fx, fy]: Position): Position => { const d = Math.hypot(x! - fx!, y! - fy!) || 1; return [x! + ((x! - fx!) / d) * by, y! + ((y! - fy!) / d) * by]; };
  if (line.length < 2) return [...line];
  return [beyond(line[0]!, line[1]!), ...line.slice(1, -1), beyond(line.at(-1)!, line.at(-2)!)];
}

const left = ([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position): boolean => (bx! - ax!) * (cy! - ay!) > (by! - ay!) * (cx! - ax!);
/** Whether two lines cross; of an end on the other line one side counts, so that a corner is crossed once. */
const crosses = (a: Position, b: Position, c: Position, d: Position): boolean => left(a, b, c) !== left(a, b, d) && left(c, d, a) !== left(c, d, b);

/** Into how many pieces a line cuts a shape, as far as it crosses its borders and not itself. */
export function piecesCut(shape: Polygon | MultiPolygon, line: readonly Position[]): number {
  const rings = shape.type === 'Polygon' ? shape.coordinates : shape.coordinates.flat();
  let n = 0;
  for (const ring of rings) for (let i = 0; i + 1 < ring.length; i++) for (let j = 0; j + 1 < line.length; j++) if (crosses(line[j]!, line[j + 1]!, ring[i]!, ring[i + 1]!)) n += 1;
  return Math.floor(n / 2) + 1;
}

/** The place halfway along a line: a corner at its end touches many shapes, what lies beside the line touches there. */
export function halfway(line: readonly Position[]): Position {
  const steps = line.slice(1).map(([x, y], i) => Math.hypot(x! - line[i]![0]!, y! - line[i]![1]!));
  let left = steps.reduce((sum, l) => sum + l, 0) / 2;
  const at = steps.findIndex((l) => (left <= l ? true : ((left -= l), false)));
  if (at < 0 || !steps[at]) return line[0]!;
  const [ax, ay] = line[at] as [number, number], [bx, by] = line[at + 1] as [number, number], part = left / steps[at];
  return [ax + (bx - ax) * part, ay + (by - ay) * part];
}

/** Which of some shapes is nearest to a place. */
export function nearestOf<T extends { geometry: Polygon | MultiPolygon }>(shapes: readonly T[], at: Position): T | undefined {
  const distance = (s: T) => Math.min(...(s.geometry.type === 'Polygon' ? s.geometry.coordinates : s.geometry.coordinates.flat()).map((ring) => nearest(ring, at).d2));
  return [...shapes].sort((a, b) => distance(a) - distance(b))[0];
}
