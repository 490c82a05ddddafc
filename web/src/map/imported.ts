/** The imported basemap: roads, rails, water and land of our own tiles in quiet colours below the cells, and their names above them. */
import type { DataDrivenPropertyValueSpecification, ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/preferences';
import { FONT_STACK, labelPaint } from './layers';
import { paletteOf } from './palette';
import type { CellLayer } from './stage';

interface Quiet { forest: string; park: string; farmland: string; residential: string; industrial: string; water: string; great: string; main: string; street: string; rail: string }

const LIGHT: Quiet = { forest: '#b9d3b9', park: '#bfdcb8', farmland: '#dbe2c6', residential: '#d3d8dc', industrial: '#cfc9c2', water: '#8fb4cb', great: '#4f5c67', main: '#6f7b86', street: '#98a3ab', rail: '#5f6b75' };
/** Neither light nor dark: cells are pale in the dark too, and what lies around them is not. */
const DARK: Quiet = { forest: '#5f7f68', park: '#688a6c', farmland: '#7d8268', residential: '#76808a', industrial: '#7f7c7a', water: '#557f9c', great: '#66727e', main: '#727e89', street: '#828e98', rail: '#66727e' };

type Width = DataDrivenPropertyValueSpecification<number>;
const widths = (...stops: number[]): Width => ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as unknown as Width;
const classes = (...names: string[]): FilterSpecification => ['match', ['get', 'class'], names, true, false];
const kind = (type: 'Polygon' | 'LineString'): ExpressionSpecification => ['==', ['geometry-type'], type];

const SOURCE = 'basemap';

/** Below the basemap, where cells are: what shows through them is as in the light, so that their colours are those of the legend. */
export const paleGround = (layer: CellLayer, theme: Theme): LayerSpecification => ({ id: 'pale', type: 'fill', source: 'cells', 'source-layer': layer, paint: { 'fill-color': paletteOf(theme).cell, 'fill-antialias': false } });

/** Below the cells, from below to above. */
export function importedLayers(theme: Theme): LayerSpecification[] {
  const q = theme === 'dark' ? DARK : LIGHT;
  const road = (id: string, width: Width, colour: string, minzoom: number, names: string[], more: object = {}): LayerSpecification =>
    ({ id: `basemap_${id}`, type: 'line', source: SOURCE, 'source-layer': 'road', minzoom, filter: classes(...names), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': width, ...more } });
  return [
    {
      id: 'basemap_land', type: 'fill', source: SOURCE, 'source-layer': 'land',
      paint: { 'fill-antialias': false, 'fill-opacity': theme === 'dark' ? 0.35 : 0.7, 'fill-color': ['match', ['get', 'class'], 'forest', q.forest, ['park', 'grass'], q.park, 'farmland', q.farmland, 'residential', q.residential, q.industrial] },
    },
    { id: 'basemap_water', type: 'fill', source: SOURCE, 'source-layer': 'water', filter: kind('Polygon') as FilterSpecification, paint: { 'fill-color': q.water, 'fill-antialias': false } },
    {
      id: 'basemap_rivers', type: 'line', source: SOURCE, 'source-layer': 'water', filter: kind('LineString') as FilterSpecification, layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': q.water, 'line-width': ['interpolate', ['exponential', 1.5], ['zoom'], 8, ['match', ['get', 'class'], 'river', 1, 0.5], 16, ['match', ['get', 'class'], 'river', 5, 2]] },
    },
    road('paths', widths(14, 0.6, 18, 2), q.street, 14, ['path', 'service'], { 'line-dasharray': [2, 1.5] }),
    road('streets', widths(12, 0.5, 15, 1.6, 18, 7), q.street, 12, ['tertiary', 'residential']),
    road('main', widths(8, 0.7, 12, 1.4, 15, 3, 18, 10), q.main, 8, ['primary', 'secondary']),
    road('great', widths(5, 0.7, 10, 1.8, 15, 4.5, 18, 13), q.great, 0, ['motorway', 'trunk']),
    { id: 'basemap_rails', type: 'line', source: SOURCE, 'source-layer': 'rail', paint: { 'line-color': q.rail, 'line-width': widths(8, 0.8, 15, 2), 'line-dasharray': [5, 2] } },
  ];
}

const along = (id: string, layer: string, minzoom: number, filter: FilterSpecification, theme: Theme): LayerSpecification => ({
  id: `basemap_names_${id}`, type: 'symbol', source: SOURCE, 'source-layer': layer, minzoom, filter: ['all', ['has', 'name'], filter] as FilterSpecification,
  layout: { 'symbol-placement': 'line', 'symbol-spacing': 280, 'text-field': ['get', 'name'], 'text-font': FONT_STACK, 'text-size': 11, 'text-letter-spacing': 0.04, 'text-max-angle': 32, 'text-padding': 6 },
  paint: labelPaint('beside', theme),
});

/** Names along lines, and of places; above the cells, below their names. */
export function importedNames(theme: Theme): LayerSpecification[] {
  return [
    {
      id: 'basemap_names_places', type: 'symbol', source: SOURCE, 'source-layer': 'place', minzoom: 9,
      layout: { 'text-field': ['get', 'name'], 'text-font': FONT_STACK, 'text-size': ['match', ['get', 'class'], 'city', 13, 11], 'text-max-width': 7, 'text-padding': 8 }, paint: labelPaint('beside', theme),
    },
    along('streets', 'road', 14, classes('tertiary', 'residential', 'service', 'path'), theme),
    along('rivers', 'water', 12, kind('LineString') as FilterSpecification, theme),
    along('main', 'road', 12.5, classes('primary', 'secondary'), theme),
    along('great', 'road', 12, classes('motorway', 'trunk'), theme),
  ];
}
