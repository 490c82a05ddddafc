const EARTH = 6_371_000; // metres

/** Metres on the ground between two places, by the haversine formula. */
export function metresBetween(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const radians = (x: number) => (x * Math.PI) / 180;
  const h = Math.sin(radians(b.lat - a.lat) / 2) ** 2 + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.sqrt(h));
}
