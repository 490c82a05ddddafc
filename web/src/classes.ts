/** Classes of a map: fixed while days, windows and extents change, so that colours can be compared. */
import type { Tendency } from './measures';

/** A round number (1, 2, 2.5, 5 times a power of ten) next to x. */
export function round125(x: number): number {
  if (!(x > 0)) return 0;
  const power = 10 ** Math.floor(Math.log10(x));
  const nearest = [1, 2, 2.5, 5, 10].reduce((a, b) => (Math.abs(Math.log(x / power / b)) < Math.abs(Math.log(x / power / a)) ? b : a));
  return Number((nearest * power).toPrecision(2));
}

/** Lower bounds of the second class and those above it. Shares have fifths; others round numbers near the quintiles of what is above 0. */
export function breaksOf(values: readonly number[], isShare: boolean, tendency: Tendency): number[] {
  if (tendency === 'risk') return [];
  if (isShare) return [0.2, 0.4, 0.6, 0.8];
  const above = values.filter((v) => v > 0).sort((a, b) => a - b);
  const quintiles = [1, 2, 3, 4].map((i) => above[Math.floor((i * above.length) / 5)]).filter((v) => v !== undefined);
  return [...new Set(quintiles.map(round125))].filter((b) => b > 0 && b < (above.at(-1) ?? 0));
}

/** The class of a value: -1 for 0, else how many breaks it has reached. */
export const classOf = (value: number, breaks: readonly number[]): number => (value === 0 ? -1 : breaks.filter((b) => value >= b).length);

/** As many colours as there are classes, the darkest for the last. */
export function spread<T>(ramp: readonly T[], classes: number): T[] {
  if (classes <= 1) return ramp.slice(2, 3);
  return Array.from({ length: classes }, (_, i) => ramp[Math.round((i * (ramp.length - 1)) / (classes - 1))]!);
}
