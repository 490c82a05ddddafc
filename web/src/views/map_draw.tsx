import type { Feature, FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { useEffect, useRef, useState } from 'preact/hooks';
import { follow, Refusal, whole, type Schemas } from '../api/client';
import { nextCodes } from '../map/codes';
import { halfway, lengthened, nearestOf, piecesCut, reshape, type Reshaped } from '../map/reshape';
import type { Stage } from '../map/stage';
import { useAnswer } from '../parts/answer';
import { Trouble } from '../parts/notice';
import { PlanForm, type Operation } from '../parts/plan_form';
import { level, mapDay } from '../state/asked';
import { keepDrawn, keptDrawn, shownStage, tool } from '../state/map_tool';
import { nameOf } from '../state/names';
import { theme } from '../state/preferences';
import { selected } from '../state/selection';
import { paletteOf } from '../map/palette';
import { t } from '../words';
import { SplitByList } from './map_split_list';

type Land = Feature<Polygon | MultiPolygon, Schemas['Cell']> & { id: number };
interface Ground { cell: Land; neighbours: Land[] }

const NO_SHAPE = 'no_shape';
const BEYOND = 1e-5; // degrees, a metre: how far a cut reaches over the border that it was snapped to
const AROUND = 1e-4; // degrees: who touches the cell lies within

const ringsOf = (g: Polygon | MultiPolygon): Position[][] => (g.type === 'Polygon' ? g.coordinates : g.coordinates.flat());

/** The cell that is selected with its neighbours of the same level, as they are drawn on the map's day. */
async function groundOf(id: number, of: string, day: string, signal: AbortSignal): Promise<Ground> {
  const cell = await follow<Land>(`/api/v1/cells/${id}?format=geojson&at=${day}`, signal);
  if (!cell.geometry) throw new Refusal(-1, t('draw_no_shape'), NO_SHAPE);
  const points = ringsOf(cell.geometry).flat(), xs = points.map((p) => p[0]!), ys = points.map((p) => p[1]!);
  const bbox = [Math.min(...xs) - AROUND, Math.min(...ys) - AROUND, Math.max(...xs) + AROUND, Math.max(...ys) + AROUND].map((x) => x.toFixed(6)).join();
  const around = await follow<FeatureCollection<Polygon | MultiPolygon>>(`/api/v1/cells?level=${of}&bbox=${bbox}&at=${day}&format=geojson&limit=1000`, signal);
  return { cell, neighbours: (around.features as Land[]).filter((f) => f.id !== id && f.geometry) };
}

/** A pen on the map while a line is awaited. */
function usePen(stage: Stage | null, ground: Ground | null, onLine: (line: Position[]) => void) {
  const pen = useRef<{ again: () => void; stop: () => void } | null>(null);
  const [error, setError] = useState<Refusal | null>(null);
  useEffect(() => {
    if (!stage || !ground) return;
    let ended = false;
    const all = [ground.cell, ...ground.neighbours];
    void stage.overlay('neighbours', { type: 'FeatureCollection', features: all }, theme.peek());
    import('../map/pen').then(({ Pen }) => {
      if (!ended) pen.current = new Pen(stage.map, all.flatMap((f) => ringsOf(f.geometry)), paletteOf(theme.peek()).hot as `#${string}`, onLine);
    }, () => setError(new Refusal(0, '')));
    return () => { ended = true; pen.current?.stop(); pen.current = null; void stage.overlay('neighbours', null, theme.peek()); void stage.overlay('drawn', null, theme.peek()); };
  }, [stage, ground]);
  return { again: () => pen.current?.again(), error };
}

const SIDES = { 2: ['draw_west', 'draw_east'], 3: ['draw_west', 'draw_middle', 'draw_east'] } as const;

function SplitForm({ cell, line, onClose }: { cell: Land; line: Position[]; onClose: () => void }) {
  const cut = lengthened(line, BEYOND), n = Math.max(2, piecesCut(cell.geometry, cut));
  const siblings = useAnswer(`siblings ${cell.id}`, (signal) => whole<Schemas['Cell']>(`/api/v1/cells?parent=${cell.properties.parent}&at=${mapDay.value}`, signal));
  const codes = nextCodes(siblings.data?.filter((c) => c.level === cell.properties.level).map((c) => c.code) ?? [], n);
  const side = (i: number) => (n === 2 || n === 3 ? t(SIDES[n][i as 0]) : String(i + 1));
  const operations = (form: FormData): Operation[] => [{
    kind: 'split', cell: String(cell.id), line: { type: 'LineString', coordinates: cut },
    targets: codes.map((_, i) => ({ code: String(form.get(`code${i}`)), name: String(form.get(`name${i}`)), kind: cell.properties.kind })),
  }];
  return (
    <PlanForm heading={t('op_split')} title={`${cell.properties.name} ${t('op_split')}`} ready={siblings.data !== null} operations={operations} onClose={onClose}>
      <p class="soft">{t('split_text', { name: cell.properties.name, n })}</p>
      {siblings.data && codes.map((code, i) => (
        <fieldset key={i}><legend>{side(i)}</legend>
          <div class="row"><label>{t('name')}<input name={`name${i}`} required maxLength={200} defaultValue={`${cell.properties.name}（${side(i)}）`} /></label><label>{t('code')}<input name={`code${i}`} required maxLength={40} defaultValue={code} /></label></div>
        </fieldset>
      ))}
    </PlanForm>
  );
}

function BoundaryForm({ ground, drawn, onClose }: { ground: Ground; drawn: Reshaped; onClose: () => void }) {
  const { cell, neighbours } = ground;
  const beside = nearestOf(neighbours, halfway(drawn.replaced));
  const [to, setTo] = useState(String(beside?.id ?? ''));
  const operations = (): Operation[] => [{ kind: 'boundary', cell: String(cell.id), geometry: drawn.shape as Operation['geometry'] & object, ...(to && { with: to }) }];
  return (
    <PlanForm heading={t('op_boundary')} title={`${cell.properties.name} ${t('op_boundary')}`} ready operations={operations} onClose={onClose}>
      <p class="soft">{t('boundary_text', { name: cell.properties.name })}</p>
      <label>{t('boundary_with')}<select value={to} onChange={(e) => setTo(e.currentTarget.value)}>{neighbours.map((f) => <option key={f.id} value={String(f.id)}>{f.properties.name}</option>)}</select></label>
    </PlanForm>
  );
}

/** Cutting a cell in two, or drawing a stretch of its border anew, on the map. */
export function MapDraw() {
  const what = tool.value, cell = selected.value[0], stage = shownStage.value, day = mapDay.value;
  const [line, setLine] = useState<Position[] | null>(null);
  useEffect(() => { // a line that was drawn before a reload
    const kept = keptDrawn();
    if (kept && kept.cell === cell) { tool.value = kept.what; setLine(kept.line); }
  }, []);
  const on = (what === 'split' || what === 'boundary') && cell !== undefined;
  const ground = useAnswer(on ? `ground ${cell} ${day}` : null, (signal) => groundOf(cell!, level.value, day, signal));
  const drawn = line && ground.data && what === 'boundary' ? reshape(ground.data.cell.geometry, line) : null;
  const pen = usePen(stage, ground.busy || stage?.moved.value ? null : ground.data, (drawn) => { keepDrawn(what === 'split' || what === 'boundary' ? { what, cell: cell!, line: drawn } : null); setLine(drawn); });
  useEffect(() => { if (drawn) void stage?.overlay('drawn', { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: drawn.shape }] }, theme.peek()); }, [line, ground.data, stage]);
  const again = () => { keepDrawn(null); setLine(null); pen.again(); void stage?.overlay('drawn', null, theme.peek()); };
  const end = () => { keepDrawn(null); setLine(null); tool.value = 'look'; };
  const was = useRef(on);
  useEffect(() => { if (was.current && !on) setLine(null); was.current = on; }, [on]);
  if (!on) return null;
  if (what === 'split' && ground.error?.type === NO_SHAPE) return <SplitByList cell={cell!} onClose={end} />;
  const error = stage?.moved.value ? new Refusal(-1, t('draw_on_gcj02')) : ground.error ?? pen.error;
  return (
    <>
      <div class="tools drawing" role="toolbar" aria-label={t('tools')}>
        <strong>{t(`op_${what}`)} · {nameOf(cell)}</strong>
        {error ? <Trouble error={error} /> : <small class="soft" role="status">{ground.data ? t(`draw_${what}`) : t('loading')}</small>}
        {!error && <button type="button" onClick={again}>{t('draw_again')}</button>}
        <button type="button" onClick={end}>{t('cancel')}</button>
      </div>
      {line && ground.data && what === 'split' && <SplitForm cell={ground.data.cell} line={line} onClose={again} />}
      {drawn && ground.data && <BoundaryForm ground={ground.data} drawn={drawn} onClose={again} />}
    </>
  );
}
