import { useEffect, useState } from 'preact/hooks';
import { follow, Refusal } from '../api/client';
import { boxAround, inside, rectangle, type Spot } from '../map/lasso';
import type { Stage } from '../map/stage';
import { Icon } from '../parts/icon';
import { Trouble } from '../parts/notice';
import { level, mapDay } from '../state/asked';
import { gathered, shownStage, tool, TOOLS } from '../state/map_tool';
import { addCells, addEnterprises, maySelect } from '../state/selection';
import { t } from '../words';

interface Found { features: { id: number; geometry: { coordinates: [number, number] } | null }[] }

/** Enterprises whose place is inside a ring of degrees. */
async function enterprisesInside(ring: readonly Spot[]): Promise<number[]> {
  const { features } = await follow<Found>(`/api/v1/cells?level=enterprise&format=geojson&limit=1000&bbox=${boxAround(ring).map((x) => x.toFixed(6)).join(',')}&at=${mapDay.peek()}`);
  return features.flatMap((f) => (f.geometry && inside(ring, ...f.geometry.coordinates) ? [f.id] : []));
}

async function gather(stage: Stage, ring: readonly Spot[]): Promise<void> {
  if (gathered.peek() === 'cells') addCells(stage.cellsInside((x, y) => inside(ring, x, y)));
  else addEnterprises(await enterprisesInside(ring.map(([x, y]): Spot => stage.placeAt(x, y))));
}

/** Over the map while a box or a lasso is drawn: what is inside when the pointer is let go is put together. */
function Sheet({ stage, shape, onRefused }: { stage: Stage; shape: 'box' | 'lasso'; onRefused: (e: Refusal | null) => void }) {
  const [path, setPath] = useState<Spot[]>([]);
  const spot = (e: PointerEvent): Spot => { const box = (e.currentTarget as Element).getBoundingClientRect(); return [e.clientX - box.left, e.clientY - box.top]; };
  const ring = shape === 'box' && path.length > 1 ? rectangle(path[0]!, path.at(-1)!) : path;
  const done = () => {
    setPath([]);
    if (ring.length < 3) return;
    onRefused(null);
    gather(stage, ring).catch((e: unknown) => { if (!(e instanceof Refusal)) throw e; onRefused(e); });
  };
  return (
    <svg class="lasso" aria-hidden="true" onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); setPath([spot(e)]); }} onPointerMove={(e) => { if (path.length) setPath([...path, spot(e)]); }}
      onPointerUp={done} onPointerCancel={() => setPath([])}>
      {ring.length > 1 && <polygon points={ring.map((p) => p.join()).join(' ')} />}
    </svg>
  );
}

/** What the pointer does, for who may put cells into a plan. The table and the tree do the same with ticks. */
export function MapTools() {
  const [refused, setRefused] = useState<Refusal | null>(null);
  const stage = shownStage.value, now = tool.value;
  useEffect(() => () => { tool.value = 'look'; }, []);
  useEffect(() => { stage?.engage(now === 'box' || now === 'lasso' ? 'still' : now === 'split' || now === 'boundary' ? 'moving' : 'none'); }, [stage, now]);
  if (!maySelect.value || level.value === 'district') return null;
  return (
    <>
      {stage && (now === 'box' || now === 'lasso') && <Sheet stage={stage} shape={now} onRefused={setRefused} />}
      {(now === 'split' || now === 'boundary') ? null : (
        <div class="tools" role="toolbar" aria-label={t('tools')}>
          {TOOLS.map((name) => (
            <button key={name} type="button" aria-pressed={now === name} title={t(`tool_${name}_text`)} onClick={() => { tool.value = name; }}><Icon name={name} /><span>{t(`tool_${name}`)}</span></button>
          ))}
          {(now === 'box' || now === 'lasso') && (
            <select aria-label={t('tool_gather')} value={gathered.value} onChange={(e) => { gathered.value = e.currentTarget.value as 'cells'; }}>
              <option value="cells">{t(level.value)}</option><option value="enterprises">{t('enterprise')}</option>
            </select>
          )}
        </div>
      )}
      {refused && <div class="floating_trouble"><Trouble error={refused} /></div>}
    </>
  );
}
