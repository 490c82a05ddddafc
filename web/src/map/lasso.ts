/** What a ring of points holds. */
export type Spot = readonly [x: number, y: number];

/** Whether a point is inside a ring, closed or not, by the number of its sides to the right. */
export function inside(ring: readonly Spot[], x: number, y: number): boolean {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!, [xj, yj] = ring[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) odd = !odd;
  }
  return odd;
}

export const rectangle = ([ax, ay]: Spot, [bx, by]: Spot): Spot[] => [[ax, ay], [bx, ay], [bx, by], [ax, by]];

/** The smallest box around points, as [west, south, east, north] of whatever they are in. */
export function boxAround(spots: readonly Spot[]): [number, number, number, number] {
  const xs = spots.map(([x]) => x), ys = spots.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
