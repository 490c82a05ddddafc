/** Names stand once in each cell, whatever tiles it is cut into: in the middle of the largest piece of it that is in sight. */
import type { Map as LibreMap } from 'maplibre-gl';
import type { Feature, FeatureCollection, Point, Position } from 'geojson';

interface Piece { area: number; at: Position; name: string; upper: boolean }

/** Twice the signed area of a ring and its centroid. */
function middle(ring: Position[]): { area: number; at: Position } {
  let area = 0, x = 0, y = 0;
  const [ox, oy] = ring[0] as [number, number];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax, ay] = ring[i] as [number, number], [bx, by] = ring[i + 1] as [number, number];
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
    area += cross;
    x += cross * (ax + bx - 2 * ox);
    y += cross * (ay + by - 2 * oy);
  }
  return area === 0 ? { area: 0, at: [ox, oy] } : { area: Math.abs(area), at: [ox + x / (3 * area), oy + y / (3 * area)] };
}

function collect(map: LibreMap, source: string, sourceLayer: string, upper: boolean, pieces: Map<number, Piece>): void {
  for (const f of map.querySourceFeatures(source, { sourceLayer })) {
    const rings = f.geometry.type === 'Polygon' ? [f.geometry.coordinates[0]!] : f.geometry.type === 'MultiPolygon' ? f.geometry.coordinates.map((p) => p[0]!) : [];
    for (const ring of rings) {
      const { area, at } = middle(ring);
      if (area > (pieces.get(f.id as number)?.area ?? 0)) pieces.set(f.id as number, { area, at, name: String(f.properties['name']), upper });
    }
  }
}

/** By cell: the middle of the largest piece of it that is in sight. */
export function middlesOf(map: LibreMap, source: string, sourceLayer: string): Map<number, Position> {
  const pieces = new Map<number, Piece>();
  collect(map, source, sourceLayer, false, pieces);
  return new Map([...pieces].map(([id, p]) => [id, p.at]));
}

/** Where names stand now, of the cells (`layer`; null: none) and of those above them, with what tells that from another time; null while nothing has changed since `before`, so that drawing comes to rest. */
export function labelsOf(map: LibreMap, layer: string | null, upperLayer: string, before: string): { key: string; labels: FeatureCollection<Point> } | null {
  const pieces = new Map<number, Piece>();
  if (layer) collect(map, 'cells', layer, false, pieces);
  if (upperLayer !== layer) collect(map, 'outlines', upperLayer, true, pieces);
  const features = [...pieces].map(([id, p]): Feature<Point> => ({ type: 'Feature', id, properties: { name: p.name, upper: p.upper, area: p.area }, geometry: { type: 'Point', coordinates: p.at } }));
  const key = features.map((f) => `${f.id}:${f.geometry.coordinates.map((c) => c.toFixed(5)).join()}`).sort().join(';');
  return key === before ? null : { key, labels: { type: 'FeatureCollection', features } };
}
