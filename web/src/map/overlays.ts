/** What may lie over the map besides its cells: findings, enterprises that are put together, and shapes that are being drawn. */
import type { LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/preferences';
import { paletteOf } from './palette';

export type OverlayName = 'findings' | 'enterprises' | 'neighbours' | 'drawn' | 'becomes';

const rim = (id: string, colour: string, width: number, dash?: number[]): LayerSpecification =>
  ({ id: `over_${id}_rim`, type: 'line', source: `over_${id}`, paint: { 'line-color': colour, 'line-width': width, ...(dash && { 'line-dasharray': dash }) } });

/** The layers of an overlay, from below to above. */
export function overlaysOf(name: OverlayName, theme: Theme): LayerSpecification[] {
  const p = paletteOf(theme), source = `over_${name}`;
  switch (name) {
    case 'enterprises':
      return [{ id: `${source}_points`, type: 'circle', source, paint: { 'circle-radius': 8, 'circle-color': p.chosen, 'circle-opacity': 0.25, 'circle-stroke-color': p.chosen, 'circle-stroke-width': 2.4 } }];
    case 'neighbours':
      return [rim(name, p.label, 1.2, [2, 2])];
    case 'drawn':
      return [{ id: `${source}_fill`, type: 'fill', source, filter: ['!=', ['geometry-type'], 'LineString'], paint: { 'fill-color': p.chosen, 'fill-opacity': 0.3 } }, rim(name, p.chosen, 2.4)];
    case 'becomes':
      return [{ id: `${source}_fill`, type: 'fill', source, filter: ['!=', ['geometry-type'], 'LineString'], paint: { 'fill-color': ['get', 'colour'], 'fill-antialias': false } }, rim(name, p.chosen, 2.4)];
    case 'findings':
      return [
        { id: `${source}_fill`, type: 'fill', source, filter: ['!=', ['geometry-type'], 'Point'], paint: { 'fill-color': p.hot, 'fill-opacity': 0.35 } },
        rim(name, p.hot, 2),
        { id: `${source}_points`, type: 'circle', source, filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': 9, 'circle-color': ['match', ['get', 'severity'], 'error', p.hot, 'warning', p.point, p.hatch], 'circle-stroke-color': p.halo, 'circle-stroke-width': 2 } },
        { id: `${source}_signs`, type: 'symbol', source, filter: ['==', ['geometry-type'], 'Point'], layout: { 'text-field': '!', 'text-font': ['sans-serif'], 'text-size': 13, 'text-allow-overlap': true }, paint: { 'text-color': p.halo } },
      ];
  }
}
