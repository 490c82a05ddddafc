import { follow, get } from '../api/client';
import { mapDay } from './asked';

/** Degrees. */
export type Box = [west: number, south: number, east: number, north: number];

function boxOf(coordinates: unknown, box: Box = [180, 90, -180, -90]): Box {
  if (!Array.isArray(coordinates)) return box;
  if (typeof coordinates[0] !== 'number') return coordinates.reduce((b: Box, c) => boxOf(c, b), box);
  const [x, y] = coordinates as [number, number];
  return [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
}

/** The extent of a cell on the map's day, if it has a shape or a place. */
export async function extentOf(cell: number): Promise<Box | null> {
  const feature = await follow<{ geometry: { coordinates: unknown } | null }>(`/api/v1/cells/${cell}?format=geojson&at=${mapDay.peek()}`);
  if (feature.geometry) return boxOf(feature.geometry.coordinates);
  const [place] = (await get('/api/v1/enterprises', { query: { cell: String(cell), at: mapDay.peek(), limit: 1 } })).items;
  return place?.lon != null && place.lat != null ? [place.lon, place.lat, place.lon, place.lat] : null;
}
