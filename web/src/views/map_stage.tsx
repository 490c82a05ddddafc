import type { FeatureCollection } from 'geojson';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, Refusal } from '../api/client';
import type { Colouring } from '../map/colours';
import { Stage, type Clicked } from '../map/stage';
import { useAnswer } from '../parts/answer';
import { heatQuery } from '../parts/heat';
import { Icon } from '../parts/icon';
import { Sentence } from '../parts/notice';
import { chosen, level, mapDay, measure, windowQuery } from '../state/asked';
import { mapChanged } from '../state/changes';
import { extentOf, type Box } from '../state/extent';
import { door, expire } from '../state/credential';
import { LAYERS, pointQuery, shownLayers, toggled } from '../state/layers';
import { shownStage, tool } from '../state/map_tool';
import { theme } from '../state/preferences';
import { go, param } from '../state/route';
import { maySelect, selected, selectedEnterprises, toggle, toggleEnterprise } from '../state/selection';
import { area } from '../state/session';
import { t } from '../words';
import { BasemapChoice, BasemapNotes, useBasemaps, type Basemaps } from './map_basemap';

const TILE_LAYERS = { district: 'districts', town: 'towns', village: 'villages' } as const;
const MARKED = 200; // enterprises that are marked on the map; more are counted only
/** A cell where one was hit; elsewhere the deepest that the server knows at that point. While cells are being put together a click puts one in or takes it out. */
async function choose({ cell, enterprise, lon, lat }: Clicked): Promise<void> {
  if (tool.peek() === 'pick' && maySelect.peek()) {
    if (cell !== null) (enterprise ? toggleEnterprise : toggle)(cell);
    return;
  }
  const found = cell ?? (await get('/api/v1/locate', { query: { lon, lat, at: mapDay.peek() } })).chain[0]?.cell.id;
  if (found) go({ cell: found });
}

function useHotspots(on: boolean) {
  const within = area.value!.cell.id, window = windowQuery.value;
  return useAnswer(on ? `hot ${within} ${measure.value} ${level.value} ${JSON.stringify(window)}` : null, async (signal) => {
    const answer = await get('/api/v1/hotspots', { query: { within: String(within), measure: measure.value, level: level.value, statistic: 'gi_star', ...window }, signal });
    const ids = (cluster: string) => answer.rows.filter((r) => r.gi_star?.cluster === cluster).map((r) => (r.cell as unknown as { id: number }).id);
    return { hot: ids('hot'), cold: ids('cold') };
  });
}

function useStage() {
  const box = useRef<HTMLDivElement>(null), stage = useRef<Stage | null>(null);
  const [made, setMade] = useState(false);
  useEffect(() => {
    const [lon, lat, zoom] = param('extent').split(',').map(Number), looks = [lon, lat, zoom].every(Number.isFinite);
    let gone = false;
    const set = (whole: Box | null) => {
      if (gone) return;
      const s = new Stage(box.current!, theme.peek(), (at) => { choose(at).catch((e: unknown) => { if (!(e instanceof Refusal)) throw e; }); }, (view) => go({ extent: view }, true), (coloured) => { if (box.current) Object.assign(box.current.dataset, { idle: 'true', ...(coloured && { painted: param('extent') }) }); }, expire);
      if (looks) s.look(lon!, lat!, zoom!); else if (whole) s.fit(whole, false);
      stage.current = s;
      shownStage.value = s;
      setMade(true);
    };
    // First where it opens, then the map: set up before, it would draw the whole world first.
    if (looks || param('zoom_to')) set(null); else extentOf(area.peek()!.cell.id).then(set, () => set(null));
    return () => { gone = true; shownStage.value = null; stage.current?.remove(); stage.current = null; };
  }, []);
  return { box, stage, made };
}

function Layers({ hotspots, basemaps }: { hotspots: ReturnType<typeof useHotspots>; basemaps: Basemaps }) {
  const on = shownLayers().includes('hotspots');
  const found = hotspots.data && !hotspots.busy;
  return (
    <fieldset class="layers">
      <legend><Icon name="layers" size={13} /> {t('layers')}</legend>
      <BasemapChoice of={basemaps} />
      {LAYERS.map((l) => <label key={l} class="check"><input type="checkbox" checked={shownLayers().includes(l)} onChange={() => go({ layers: toggled(l) })} />{t(`layer_${l}`)}</label>)}
      {on && hotspots.error && <small class="soft">{hotspots.error.status === 400 ? t('hotspots_unfit') : <Sentence text={hotspots.error.message} />}</small>}
      {on && found && (hotspots.data!.hot.length + hotspots.data!.cold.length === 0 ? <small class="soft">{t('hotspots_none')}</small> : (
        <small class="keys"><i class="hot" />{t('hot')} {hotspots.data!.hot.length} <i class="cold" />{t('cold')} {hotspots.data!.cold.length}</small>
      ))}
    </fieldset>
  );
}

/** Where the enterprises lie that are put together. */
function useEnterpriseMarks() {
  const ids = selectedEnterprises.value, at = mapDay.value;
  return useAnswer(ids.length ? `marks ${ids.join()} ${at}` : null, async (): Promise<FeatureCollection> => {
    const boxes = await Promise.all(ids.slice(0, MARKED).map(extentOf));
    return { type: 'FeatureCollection', features: boxes.flatMap((b) => (b ? [{ type: 'Feature' as const, properties: {}, geometry: { type: 'Point' as const, coordinates: [b[0], b[1]] } }] : [])) };
  });
}

/** The drawn map, kept to the state of the address. */
export function MapStage({ colouring, significance }: { colouring: Colouring | null; significance: boolean }) {
  const { box, stage, made } = useStage();
  const cell = chosen.value, layers = shownLayers(), hotspots = useHotspots(layers.includes('hotspots'));
  const basemaps = useBasemaps(), ground = basemaps.shown, moved = ground?.crs === 'GCJ-02';
  const day = mapDay.value, look = theme.value, top = area.value!.cell.id, zoomTo = param('zoom_to'), tiles = TILE_LAYERS[level.value];
  useEffect(() => { void stage.current?.showBasemap(ground, look); }, [made, ground, look]); // first, as what is drawn upon it stands where it does
  useEffect(() => { void stage.current?.showCells(tiles, day, look); }, [made, tiles, day, look, moved]);
  useEffect(() => { if (colouring) void stage.current?.colour(colouring, significance); }, [made, colouring, significance]);
  useEffect(() => { void stage.current?.choose(cell); }, [made, cell, tiles, day, look, moved]);
  const marked = selected.value, marks = useEnterpriseMarks();
  useEffect(() => { void stage.current?.mark(marked); }, [made, marked, tiles, day, look, moved]);
  useEffect(() => { void stage.current?.overlay('enterprises', marks.data, look); }, [made, marks.data, look]);
  useEffect(() => { void stage.current?.showHotspots(hotspots.data?.hot ?? [], hotspots.data?.cold ?? []); }, [made, hotspots.data, tiles, day, look, moved]);
  for (const l of ['enterprises', 'hazards'] as const) {
    const query = layers.includes(l) ? pointQuery(l) : null;
    useEffect(() => { void stage.current?.showPoints(l, query, look); }, [made, query, look, moved]);
  }
  const changes = mapChanged.value, drawn = useRef(changes);
  useEffect(() => { if (drawn.current !== changes) stage.current?.refresh(); drawn.current = changes; }, [changes]);
  const session = door.value, ended = useRef(false);
  useEffect(() => {
    if (session === 'in' && ended.current) stage.current?.refresh();
    ended.current = session !== 'in';
  }, [session]);
  const heat = layers.includes('heat') ? heatQuery(top, windowQuery.value) : null;
  useEffect(() => { void stage.current?.showHeat(heat); }, [made, heat, tiles, day, look, moved]);
  const fitted = useRef(top);
  useEffect(() => {
    const target = zoomTo ? Number(zoomTo) : fitted.current !== top ? top : null;
    fitted.current = top;
    if (target === null || !made) return;
    void extentOf(target).then((b) => { if (b) stage.current?.fit(b, true); });
    if (zoomTo) go({ zoom_to: null }, true);
  }, [made, zoomTo, top]);
  return (
    <>
      <div ref={box} class="canvas" />
      <div class="zoom">
        <button type="button" aria-label={t('zoom_in')} title={t('zoom_in')} onClick={() => stage.current?.zoomBy(1)}><Icon name="plus" /></button>
        <button type="button" aria-label={t('zoom_out')} title={t('zoom_out')} onClick={() => stage.current?.zoomBy(-1)}><Icon name="minus" /></button>
        <button type="button" aria-label={t('whole_area')} title={t('whole_area')} onClick={() => go({ zoom_to: top }, true)}><Icon name="frame" /></button>
      </div>
      <Layers hotspots={hotspots} basemaps={basemaps} />
      {stage.current && <BasemapNotes stage={stage.current} shown={basemaps.shown} />}
    </>
  );
}
