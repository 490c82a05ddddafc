/** The layers over the cells that the address names, and what their tiles are asked with. */
import { mapDay } from './asked';
import { plusDays } from './days';
import { param } from './route';

export const LAYERS = ['enterprises', 'hazards', 'hotspots', 'heat'] as const;
export type LayerName = (typeof LAYERS)[number];
export type PointLayer = 'enterprises' | 'hazards';

export const shownLayers = (): LayerName[] => LAYERS.filter((l) => param('layers').split(',').includes(l));
export const toggled = (l: LayerName): string => (shownLayers().includes(l) ? shownLayers().filter((x) => x !== l) : [...shownLayers(), l]).join(',');

/** Enterprises of the map's day; hazards that were open in its evening. */
export function pointQuery(layer: PointLayer): string {
  const day = mapDay.value;
  return layer === 'enterprises' ? `at=${day}` : `at=${day}&open_at=${plusDays(day, 1)}`;
}
