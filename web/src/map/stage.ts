/** The map itself: MapLibre on our own tiles, told by the view what to show. */
import * as maplibregl from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { effect, signal } from '@preact/signals';
import type { Schemas } from '../api/client';
import type { Box } from '../state/extent';
import type { Theme } from '../state/preferences';
import { t } from '../words';
import type { FeatureCollection, GeometryCollection } from 'geojson';
import type { Colouring } from './colours';
import { fromGcj02, movedCoordinates, toGcj02 } from './gcj02';
import { labelsOf, middlesOf } from './labels';
import { importedLayers, importedNames, paleGround } from './imported';
import { basemapLayer, BORDERED, borderOpacity, FONT, layersOf, dotsOpacity, NAMED, NAMED_FROM, POINT_BANDS, pointLayersOf, zoomAt } from './layers';
import { overlaysOf, type OverlayName } from './overlays';
import { paletteOf } from './palette';
import { dots, hatch } from './patterns';

maplibregl.setWorkerUrl(workerUrl);
maplibregl.prewarm(); // its workers start while the page still asks what to show

export type CellLayer = 'districts' | 'towns' | 'villages';
export type PointLayer = 'enterprises' | 'hazards';
export type Basemap = Schemas['Basemap'];
export interface Clicked { cell: number | null; enterprise: boolean; lon: number; lat: number }

const THROUGH = 0.55; // how opaque cells are over a basemap


export class Stage {
  readonly map: maplibregl.Map;
  private readonly ready: Promise<unknown>; // there is a style to add to
  private readonly named: () => void; // ends its label, which follows the language
  private layer: CellLayer | null = null;
  private address = '';
  private painted: Colouring | null = null;
  private coloured = new Map<number, string>(); // what the tiles have been told, so that only what differs is told them
  private namedFrom = NAMED_FROM;
  private labelled = '-'; // where names stand; a key that none has while their source is new
  private busy = false; // a tool has the pointer: clicks choose nothing
  private basemap: Basemap | null = null;
  private readonly laid = new Map<OverlayName, FeatureCollection>(); // overlays where they truly are
  /** Whether the basemap is one in GCJ-02, so that all else is drawn moved as it is. */
  readonly moved = signal(false);
  /** Whether tiles of the basemap could not be had. */
  readonly basemapFailed = signal(false);

  constructor(container: HTMLElement, theme: Theme, onClick: (at: Clicked) => void, onMove: (view: string) => void, onReady: (coloured: boolean) => void, onRefused: () => void) {
    this.map = new maplibregl.Map({
      container, attributionControl: false, localIdeographFontFamily: FONT, dragRotate: false, pitchWithRotate: false, fadeDuration: 0, maxZoom: 18, canvasContextAttributes: { preserveDrawingBuffer: true },
      style: { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': paletteOf(theme).ground } }] },
    });
    this.named = effect(() => this.map.getCanvas().setAttribute('aria-label', t('map')));
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), 'bottom-right');
    this.ready = new Promise((done) => this.map.once('style.load', done));
    for (const [what, moving] of [['movestart', true], ['moveend', false]] as const) this.map.on(what, () => { if (this.map.getLayer('not_significant')) this.map.setPaintProperty('not_significant', 'fill-opacity', dotsOpacity(moving)); });
    this.map.on('click', (e) => { if (!this.busy) onClick(this.clicked(e)); });
    this.map.on('moveend', () => { const [lon, lat] = this.truth(this.map.getCenter()); onMove(`${lon.toFixed(4)},${lat.toFixed(4)},${this.map.getZoom().toFixed(2)}`); });
    this.map.on('mousemove', (e) => { if (!this.busy && !this.map.isMoving()) this.map.getCanvas().style.cursor = this.cellAt(e.point) || this.pointAt(e.point) ? 'pointer' : ''; });
    // A tile that fails is asked for again when it is next in sight; only the end of the session is for the page to handle.
    this.map.on('error', (e) => {
      const refused = (e.error as { status?: number }).status === 401, basemap = (e as { sourceId?: string }).sourceId === 'basemap';
      if (refused && !(basemap && this.basemap?.type === 'raster')) onRefused();
      else if (basemap) this.basemapFailed.value = true;
    });
    this.map.on('idle', () => { this.label(); onReady(this.painted !== null && this.map.getLayer('cells') !== undefined); });
  }

  remove(): void { this.named(); this.map.remove(); }

  /** Asks again for all tiles, as those of an ended session were refused. */
  refresh(): void {
    for (const [name, source] of Object.entries(this.map.getStyle().sources)) if (!(name === 'basemap' && source.type === 'raster') && (source.type === 'vector' || source.type === 'raster') && source.tiles) this.map.getSource<maplibregl.VectorTileSource | maplibregl.RasterTileSource>(name)?.setTiles(source.tiles);
  }

  /** Draws on tiles of others, or on what is imported; null draws on none. To be called before anything that is to be drawn upon it. */
  async showBasemap(basemap: Basemap | null, theme: Theme): Promise<void> {
    const centre = this.truth(this.map.getCenter()), moved = basemap?.crs === 'GCJ-02';
    this.basemap = basemap;
    this.basemapFailed.value = false;
    if (moved !== this.moved.peek()) {
      this.moved.value = moved;
      this.map.jumpTo({ center: this.drawnAt(centre) });
      for (const [name, shapes] of this.laid) this.map.getSource<maplibregl.GeoJSONSource>(`over_${name}`)?.setData(this.placed(shapes));
    }
    await this.ready;
    for (const l of this.map.getStyle().layers) if (l.id.startsWith('basemap')) this.map.removeLayer(l.id);
    if (this.map.getSource('basemap')) this.map.removeSource('basemap');
    this.setThrough(theme);
    if (!basemap) return;
    const { type, url, scheme, min_zoom: minzoom, max_zoom: maxzoom, tile_pixels: tileSize } = basemap;
    const tiles = { tiles: [url.startsWith('/') ? location.origin + url : url], scheme, minzoom, maxzoom }, above = this.map.getStyle().layers.find((l) => l.id !== 'ground' && l.id !== 'pale')?.id;
    this.map.addSource('basemap', type === 'vector' ? { type, ...tiles } : { type, ...tiles, tileSize });
    for (const l of type === 'vector' ? importedLayers(theme) : [basemapLayer(theme)]) this.map.addLayer(l, above);
    if (type === 'vector') for (const l of importedNames(theme)) this.map.addLayer(l);
    this.raiseNames();
  }

  /** Names of the basemap stand above the cells and below all other names and points. */
  private raiseNames(): void {
    const { layers } = this.map.getStyle(), above = layers.find((l) => /^(names|point|over|td)/.test(l.id))?.id;
    for (const l of layers) if (l.id.startsWith('basemap_names')) this.map.moveLayer(l.id, above);
  }

  /** Lets a basemap show through the cells. */
  private setThrough(theme: Theme): void {
    if (this.map.getLayer('pale')) this.map.removeLayer('pale');
    if (!this.map.getLayer('cells')) return;
    this.map.setPaintProperty('cells', 'fill-opacity', this.basemap ? THROUGH : 1);
    if (this.basemap?.type === 'vector') this.map.addLayer(paleGround(this.layer!, theme), this.map.getStyle().layers[1]?.id);
  }

  private drawnAt(at: readonly [number, number]): [number, number] { return this.moved.peek() ? toGcj02(at) : [...at]; }
  private truth({ lng, lat }: maplibregl.LngLat): [number, number] { return this.moved.peek() ? fromGcj02([lng, lat]) : [lng, lat]; }

  /** The place at a pixel of the map. */
  placeAt(x: number, y: number): [lon: number, lat: number] { return this.truth(this.map.unproject([x, y])); }

  /** Looks at a place without moving there. */
  look(lon: number, lat: number, zoom: number): void { this.map.jumpTo({ center: this.drawnAt([lon, lat]), zoom }); }

  private placed(shapes: FeatureCollection): FeatureCollection {
    if (!this.moved.peek()) return shapes;
    return { ...shapes, features: shapes.features.map((f) => ({ ...f, geometry: f.geometry && { ...f.geometry, coordinates: movedCoordinates((f.geometry as Exclude<typeof f.geometry, GeometryCollection>).coordinates) } as typeof f.geometry })) };
  }

  private tilesOf(path: string): string[] { return [`${location.origin}${path.replace(/^\/(tiles|heatmap)/, (head) => (this.moved.peek() ? `${head}/gcj02` : head))}`]; }

  /** Shows the cells of a level as they are on a day, with those of the levels above as lines. */
  async showCells(layer: CellLayer, day: string, theme: Theme): Promise<void> {
    await this.ready;
    const address = `${layer} ${day} ${theme} ${this.moved.peek()}`;
    if (address === this.address) return;
    this.address = address;
    this.layer = layer;
    for (const l of [...this.map.getStyle().layers].reverse()) if (!/^(ground$|heat$|basemap|point|over|td)/.test(l.id)) this.map.removeLayer(l.id);
    for (const s of ['cells', 'outlines', 'labels']) if (this.map.getSource(s)) this.map.removeSource(s);
    this.map.setPaintProperty('ground', 'background-color', paletteOf(theme).ground);
    for (const [name, picture] of [['hatch', hatch(theme)], ['dots', dots(theme)]] as const) {
      if (this.map.hasImage(name)) this.map.removeImage(name);
      this.map.addImage(name, picture, { pixelRatio: 2 });
    }
    const upper = layer === 'villages' ? 'towns' : 'districts';
    const tiles = (l: CellLayer): maplibregl.VectorSourceSpecification => ({ type: 'vector', tiles: this.tilesOf(`/tiles/${l}/{z}/{x}/{y}.mvt?at=${day}`), maxzoom: 16 });
    this.map.addSource('cells', tiles(layer));
    this.map.addSource('outlines', tiles(upper));
    [this.labelled, this.namedFrom, this.coloured] = ['-', NAMED_FROM, new Map()];
    this.map.addSource('labels', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    const before = this.map.getStyle().layers.find((l) => /^(point|over|td)/.test(l.id))?.id;
    for (const l of layersOf(layer, upper, theme)) this.map.addLayer(l, before);
    if (this.map.getLayer('heat')) this.map.moveLayer('heat', 'borders');
    this.raiseNames();
    this.setThrough(theme);
    if (this.painted) this.paint(this.painted, true);
  }

  /** Draws a layer for these cells alone; for none it is off, as every layer costs each frame a pass over the tiles of its source. */
  private only(layer: string, ids: readonly number[]): void {
    if (!this.map.getLayer(layer)) return;
    if (ids.length) this.map.setFilter(layer, ['match', ['id'], [...ids], true, false]);
    this.map.setLayoutProperty(layer, 'visibility', ids.length ? 'visible' : 'none');
  }

  /** Cells that are put together for a plan. */
  async mark(ids: readonly number[]): Promise<void> {
    await this.ready;
    for (const l of ['marked', 'marked_rim']) this.only(l, ids);
  }

  /** Shapes over the map, such as findings or the points of enterprises; null takes them off. */
  async overlay(name: OverlayName, shapes: FeatureCollection | null, theme: Theme): Promise<void> {
    await this.ready;
    const id = `over_${name}`;
    for (const l of overlaysOf(name, theme)) if (this.map.getLayer(l.id)) this.map.removeLayer(l.id);
    if (this.map.getSource(id)) this.map.removeSource(id);
    this.laid.delete(name);
    if (!shapes) return;
    this.laid.set(name, shapes);
    this.map.addSource(id, { type: 'geojson', data: this.placed(shapes) });
    const above = name === 'becomes' && this.map.getLayer('names') ? 'names' : undefined; // land as it becomes lies below what it is called
    for (const l of overlaysOf(name, theme)) this.map.addLayer(l, above);
  }

  /** While a tool has the pointer, a click chooses nothing; `still`: the map does not move under it either. */
  engage(tool: 'none' | 'still' | 'moving'): void {
    this.busy = tool !== 'none';
    this.map.getCanvas().style.cursor = this.busy ? 'crosshair' : '';
    if (tool === 'still') this.map.dragPan.disable(); else this.map.dragPan.enable();
    if (this.busy) this.map.doubleClickZoom.disable(); else this.map.doubleClickZoom.enable();
  }

  /** Cells in sight whose middle is inside a ring of pixels. */
  cellsInside(inside: (x: number, y: number) => boolean): number[] {
    if (!this.layer || !this.map.getSource('cells')) return [];
    return [...middlesOf(this.map, 'cells', this.layer)].flatMap(([id, at]) => { const p = this.map.project(at as [number, number]); return inside(p.x, p.y) ? [id] : []; });
  }

  async colour(colouring: Colouring, significance: boolean): Promise<void> {
    await this.ready;
    this.paint(colouring, significance);
  }

  private paint(c: Colouring, significance: boolean): void {
    this.painted = c;
    if (!this.layer || !this.map.getSource('cells')) return;
    const cells = { source: 'cells', sourceLayer: this.layer };
    for (const id of this.coloured.keys()) if (!c.colours.has(id)) this.map.removeFeatureState({ ...cells, id });
    for (const [id, colour] of c.colours) if (this.coloured.get(id) !== colour) this.map.setFeatureState({ ...cells, id }, { colour });
    this.coloured = new Map(c.colours);
    this.fitDetail(c.side);
    this.only('no_data', c.noData);
    this.only('not_significant', significance ? c.notSignificant : []);
  }

  /** Borders and names from the zooms on at which cells are large enough for them. */
  private fitDetail(side: number | undefined): void {
    if (!side || this.layer !== 'villages') return;
    const { lat } = this.map.getCenter(), from = zoomAt(side, NAMED, lat);
    this.map.setPaintProperty('borders', 'line-opacity', borderOpacity(zoomAt(side, BORDERED, lat)));
    if (Math.abs(from - this.namedFrom) < 0.1) return;
    this.namedFrom = from;
    this.map.setLayerZoomRange('names', from, 24);
  }

  async choose(cell: number | null): Promise<void> {
    await this.ready;
    for (const l of ['chosen', 'chosen_upper']) this.only(l, cell === null ? [] : [cell]);
  }

  /** Clusters of Gi*: rings around what is hot or cold. */
  async showHotspots(hot: readonly number[], cold: readonly number[]): Promise<void> {
    await this.ready;
    for (const [l, ids] of [['hot', hot], ['hot_rim', hot], ['cold', cold], ['cold_rim', cold]] as const) this.only(l, ids);
  }

  /** Points of a layer; null takes them off. */
  async showPoints(layer: PointLayer, query: string | null, theme: Theme): Promise<void> {
    await this.ready;
    const mine = `point_${layer}`;
    const { layers, sources } = this.map.getStyle();
    for (const l of layers) if (l.id.startsWith(mine)) this.map.removeLayer(l.id);
    for (const name of Object.keys(sources)) if (name.startsWith(mine)) this.map.removeSource(name);
    if (query === null) return;
    for (const band of POINT_BANDS) {
      this.map.addSource(`${mine}_${band.tiles}`, { type: 'vector', tiles: this.tilesOf(`/tiles/${layer}/{z}/{x}/{y}.mvt?${query}`), maxzoom: band.tiles });
      for (const l of pointLayersOf(layer, band, theme)) this.map.addLayer(l);
    }
  }

  /** The density surface below the borders, over the colours of the cells; null takes it off. */
  async showHeat(query: string | null): Promise<void> {
    await this.ready;
    if (this.map.getLayer('heat')) this.map.removeLayer('heat');
    if (this.map.getSource('heat')) this.map.removeSource('heat');
    if (query === null) return;
    this.map.addSource('heat', { type: 'raster', tiles: this.tilesOf(`/heatmap/{z}/{x}/{y}@2x.png?${query}`), tileSize: 256 });
    this.map.addLayer({ id: 'heat', type: 'raster', source: 'heat', paint: { 'raster-opacity': 0.82, 'raster-fade-duration': 0 } }, this.map.getLayer('borders') ? 'borders' : undefined);
  }

  /** `margin`: pixels around the box where nothing lies over the map. */
  fit(box: Box, animate: boolean, margin?: number): void {
    const around = margin === undefined ? this.paddings() : [{ left: margin, top: margin, right: margin, bottom: margin }];
    const drawn = [...this.drawnAt([box[0], box[1]]), ...this.drawnAt([box[2], box[3]])] as Box;
    const cameras = around.flatMap((padding) => this.map.cameraForBounds(drawn, { padding, maxZoom: 16 }) ?? []);
    const camera = cameras.sort((a, b) => (b.zoom ?? 0) - (a.zoom ?? 0))[0];
    if (camera) this.map.easeTo({ ...camera, animate: animate && !matchMedia('(prefers-reduced-motion: reduce)').matches });
  }

  /** The legend and the bars lie over the map: what is looked at is to lie beside or above them. */
  private paddings(): maplibregl.PaddingOptions[] {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const spare = (side: number) => side - Math.min(0.6 * side, Math.max(0.3 * side, 180)); // at a low window, or one that is enlarged, the map keeps most of it
    const fitting = (p: Required<maplibregl.PaddingOptions>) => {
      const down = spare(clientHeight), across = Math.min(1, spare(clientWidth) / (p.left + p.right)), bottom = Math.min(p.bottom, Math.max(down - p.top, 0.75 * down));
      return { left: p.left * across, right: p.right * across, top: Math.min(p.top, down - bottom), bottom };
    };
    if (clientWidth < 700) return [fitting({ left: 16, top: 60, right: 16, bottom: 70 })];
    const legend = this.map.getContainer().parentElement?.querySelector<HTMLElement>('.legend'), width = legend?.offsetWidth ?? 236, height = legend?.offsetHeight ?? 330;
    return [{ left: width + 32, top: 100, right: 64, bottom: 72 }, { left: 24, top: 100, right: 60, bottom: Math.min(height + 76, clientHeight / 2) }].map(fitting);
  }

  zoomBy(n: number): void { this.map.easeTo({ zoom: this.map.getZoom() + n, duration: 200 }); }

  private cellAt(point: maplibregl.PointLike): number | null {
    if (!this.map.getLayer('cells')) return null;
    const id = this.map.queryRenderedFeatures(point, { layers: ['cells'] })[0]?.id;
    return typeof id === 'number' ? id : null;
  }

  private pointAt(point: maplibregl.Point): maplibregl.MapGeoJSONFeature | undefined {
    const layers = this.map.getStyle().layers.flatMap((l) => (l.type === 'circle' && l.id.startsWith('point_') ? [l.id] : []));
    return layers.length ? this.map.queryRenderedFeatures([[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]], { layers })[0] : undefined;
  }

  private clicked(e: maplibregl.MapMouseEvent): Clicked {
    const [lon, lat] = this.truth(e.lngLat), at = { lon, lat };
    const point = this.pointAt(e.point);
    if (point?.properties['aggregated']) this.map.easeTo({ center: e.lngLat, zoom: Math.min(14.2, this.map.getZoom() + 2), duration: 300 });
    if (point && point.layer.id.startsWith('point_enterprises') && typeof point.properties['id'] === 'number') return { cell: point.properties['id'], enterprise: true, ...at };
    return { cell: this.cellAt(e.point), enterprise: false, ...at };
  }

  private label(): void {
    const source = this.map.getSource<maplibregl.GeoJSONSource>('labels');
    if (!source || !this.layer) return;
    const upper = this.layer === 'villages' ? 'towns' : 'districts';
    const below = this.layer !== 'villages' || this.map.getZoom() >= this.namedFrom; // whether the cells' own names are seen
    const now = labelsOf(this.map, below ? this.layer : null, upper, this.labelled);
    if (!now) return;
    this.labelled = now.key;
    source.setData(now.labels);
  }
}
