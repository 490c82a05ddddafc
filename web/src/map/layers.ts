import type { DataDrivenPropertyValueSpecification, LayerSpecification, RasterLayerSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/preferences';
import { paletteOf, RISK } from './palette';
import type { CellLayer, PointLayer } from './stage';

/** Fonts of the system: labels are drawn by the browser, no glyphs are fetched. */
export const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif';

/** Of a layer that is drawn for cells that are named later. */
const OFF = { visibility: 'none' } as const;

/** Pixels that a cell is wide where its border is drawn, and where its name is: below, twenty thousand of them are a grey veil that costs most of a frame. */
export const BORDERED = 7, NAMED = 56;
/** The zoom from which on names are drawn where it is not known how large cells are. */
export const NAMED_FROM = 10.2;
const BORDER_OPACITY = 0.7, DOTS_OPACITY = 0.5;

/** The zoom at which so many metres are so many pixels. */
export const zoomAt = (metres: number, pixels: number, latitude: number): number => Math.log2((40_075_017 * Math.cos((latitude * Math.PI) / 180) * pixels) / (512 * metres));

/** Borders show from a zoom on; at 0 they are not drawn at all. */
export const borderOpacity = (from: number): DataDrivenPropertyValueSpecification<number> => ['step', ['zoom'], 0, from, BORDER_OPACITY];
/** Dots are not drawn while the map is moved: a pattern costs as much as all the rest. */
export const dotsOpacity = (moving: boolean): number => (moving ? 0 : DOTS_OPACITY);

/** Whose names they are: of the cells of the layer, of those above them, or of what lies beside. */
export type Labelled = 'cells' | 'upper' | 'beside';
export const FONT_STACK = ['sans-serif'];

/** Dark on a light rim in both themes, as cells are pale in both. */
export function labelPaint(of: Labelled, theme: Theme): NonNullable<SymbolLayerSpecification['paint']> {
  const p = paletteOf(theme);
  return { 'text-color': of === 'beside' ? p.beside : p.label, 'text-halo-color': p.halo, 'text-halo-width': of === 'upper' ? 1.6 : 1.2, 'text-opacity': of === 'upper' ? 0.95 : of === 'cells' ? 0.85 : 1 };
}

function label(id: string, upper: boolean, from: number, theme: Theme): LayerSpecification {
  return {
    id, type: 'symbol', source: 'labels', filter: ['==', ['get', 'upper'], upper], minzoom: from,
    layout: {
      'text-field': ['get', 'name'], 'text-font': FONT_STACK, 'text-size': upper ? 14 : 11.5, 'text-padding': 3, 'symbol-sort-key': ['-', 0, ['get', 'area']], 'text-max-width': 8,
      ...(upper && { 'text-letter-spacing': 0.08 }),
    },
    paint: labelPaint(upper ? 'upper' : 'cells', theme),
  };
}

/** Tiles of others below all that is ours: paler, and darker in the dark, so that they tell where one is and nothing else. */
export const basemapLayer = (theme: Theme): RasterLayerSpecification =>
  ({ id: 'basemap', type: 'raster', source: 'basemap', paint: { 'raster-fade-duration': 0, 'raster-saturation': -0.35, ...(theme === 'dark' && { 'raster-brightness-max': 0.45 }) } });

/** What draws the cells of a level, from below to above. */
export function layersOf(layer: CellLayer, upper: CellLayer, theme: Theme): LayerSpecification[] {
  const p = paletteOf(theme);
  const cells = { source: 'cells', 'source-layer': layer } as const, outlines = { source: 'outlines', 'source-layer': upper } as const;
  return [
    { id: 'cells', type: 'fill', ...cells, paint: { 'fill-color': ['to-color', ['coalesce', ['feature-state', 'colour'], p.cell]], 'fill-antialias': false } },
    { id: 'no_data', type: 'fill', ...cells, layout: OFF, paint: { 'fill-pattern': 'hatch' } },
    { id: 'not_significant', type: 'fill', ...cells, layout: OFF, paint: { 'fill-pattern': 'dots', 'fill-opacity': DOTS_OPACITY } },
    { id: 'borders', type: 'line', ...cells, paint: { 'line-color': p.border, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 0.3, 12, 0.8], 'line-opacity': BORDER_OPACITY } },
    { id: 'outlines', type: 'line', ...outlines, paint: { 'line-color': p.label, 'line-width': ['interpolate', ['linear'], ['zoom'], 8, 1, 12, 1.8], 'line-opacity': 0.75 } },
    ...(['cold_rim', 'hot_rim'] as const).map((id): LayerSpecification => ({ id, type: 'line', ...cells, layout: OFF, paint: { 'line-color': p.halo, 'line-width': 6.5, 'line-opacity': 0.9 } })),
    { id: 'cold', type: 'line', ...cells, layout: OFF, paint: { 'line-color': p.cold, 'line-width': 3, 'line-dasharray': [2, 1.2] } },
    { id: 'hot', type: 'line', ...cells, layout: OFF, paint: { 'line-color': p.hot, 'line-width': 3.4 } },
    { id: 'marked', type: 'fill', ...cells, layout: OFF, paint: { 'fill-color': p.chosen, 'fill-opacity': 0.3 } },
    { id: 'marked_rim', type: 'line', ...cells, layout: OFF, paint: { 'line-color': p.chosen, 'line-width': 2.2, 'line-dasharray': [3, 1] } },
    { id: 'chosen_upper', type: 'line', ...outlines, layout: OFF, paint: { 'line-color': p.chosen, 'line-width': 3.4 } },
    { id: 'chosen', type: 'line', ...cells, layout: OFF, paint: { 'line-color': p.chosen, 'line-width': 3.4 } },
    label('names', false, layer === 'villages' ? NAMED_FROM : 0, theme),
    label('names_upper', true, 0, theme),
  ];
}

/** The server counts points together in squares of a 64th of a tile, which are too small to be told apart: between two zooms tiles of a
 * lower one are shown enlarged, so that a square is 32 to 128 pixels wide. From the last band on each point stands for itself. */
export const POINT_BANDS = [
  { from: 0, to: 8, tiles: 4 }, { from: 8, to: 10, tiles: 6 }, { from: 10, to: 12, tiles: 8 }, { from: 12, to: 14, tiles: 10 }, { from: 14, to: 24, tiles: 16 },
] as const;

/** Points, and how many stand together where they are counted in squares. */
export function pointLayersOf(layer: PointLayer, band: (typeof POINT_BANDS)[number], theme: Theme): LayerSpecification[] {
  const p = paletteOf(theme);
  const source = { source: `point_${layer}_${band.tiles}`, 'source-layer': layer, minzoom: band.from, maxzoom: band.to } as const;
  const together: ['==', ['get', string], true] = ['==', ['get', 'aggregated'], true];
  const one: ['match', ...unknown[]] = ['match', ['coalesce', ['get', 'risk_grade'], 0], 1, RISK[0], 2, RISK[1], 3, RISK[2], 4, RISK[3], p.hatch];
  return [
    {
      id: `point_${layer}_${band.tiles}`, type: 'circle', ...source,
      paint: {
        'circle-color': layer === 'enterprises' ? ['case', together, p.point, one as never] : p.hot,
        'circle-radius': ['case', together, ['interpolate', ['linear'], ['sqrt', ['get', 'n']], 1, 6, 5, 10, 20, 16, 60, 24], 5.5],
        'circle-opacity': 0.9, 'circle-stroke-width': 1.2, 'circle-stroke-color': p.halo,
      },
    },
    {
      id: `point_${layer}_${band.tiles}_n`, type: 'symbol', ...source, filter: ['all', together, ['>', ['get', 'n'], 1]],
      layout: { 'text-field': ['to-string', ['get', 'n']], 'text-font': ['sans-serif'], 'text-size': 11, 'text-allow-overlap': true }, paint: { 'text-color': p.halo },
    },
  ];
}
