/** GCJ-02, in which Chinese internet maps stand: the public approximation of the server's src/geo/gcj02.cpp, so that what the page draws by itself falls on its tiles of /tiles/gcj02. For display, never for measuring. */
import type { Position } from 'geojson';

const AXIS = 6378245.0, ECCENTRICITY2 = 0.00669342162296594323; // Krasovsky 1940, as the public formula has it
const STEPS = 4; // after which the inverse agrees with the formula to micrometres

const { PI, sin, cos, sqrt, abs } = Math;

const inChina = (lon: number, lat: number): boolean => lon >= 72.004 && lon <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;

function offset(lon: number, lat: number): [lon: number, lat: number] {
  const x = lon - 105, y = lat - 35, root = sqrt(abs(x));
  const common = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common + ((20 * sin(y * PI) + 40 * sin((y / 3) * PI)) * 2) / 3 + ((160 * sin((y / 12) * PI) + 320 * sin((y * PI) / 30)) * 2) / 3;
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common + ((20 * sin(x * PI) + 40 * sin((x / 3) * PI)) * 2) / 3 + ((150 * sin((x / 12) * PI) + 300 * sin((x / 30) * PI)) * 2) / 3;
  const phi = (lat / 180) * PI, magic = 1 - ECCENTRICITY2 * sin(phi) ** 2;
  return [(east * 180) / ((AXIS / sqrt(magic)) * cos(phi) * PI), (north * 180) / (((AXIS * (1 - ECCENTRICITY2)) / (magic * sqrt(magic))) * PI)];
}

/** Where a place is drawn on a map in GCJ-02. */
export function toGcj02([lon, lat]: readonly [number, number]): [number, number] {
  if (!inChina(lon, lat)) return [lon, lat];
  const [east, north] = offset(lon, lat);
  return [lon + east, lat + north];
}

/** The place that is drawn there. */
export function fromGcj02([lon, lat]: readonly [number, number]): [number, number] {
  if (!inChina(lon, lat)) return [lon, lat];
  let guess: [number, number] = [lon, lat];
  for (let step = 0; step < STEPS; step++) {
    const [east, north] = offset(...guess);
    guess = [lon - east, lat - north];
  }
  return guess;
}

/** The same of all positions of a geometry's coordinates. */
export function movedCoordinates<T extends Position | readonly unknown[]>(coordinates: T): T {
  return (typeof coordinates[0] === 'number' ? toGcj02(coordinates as unknown as [number, number]) : coordinates.map((c) => movedCoordinates(c as Position))) as unknown as T;
}
