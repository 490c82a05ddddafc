import { follow, type Schemas } from '../api/client';
import { numeral } from '../format';
import { recordsChanged } from '../state/changes';
import { area } from '../state/session';
import { t, unitWord } from '../words';
import { useAnswer } from './answer';
import { OffMap } from './off_map';

/** The parameters of the tiles of hazards found over an area in a window; attribution plays no part, as events are drawn where they happened. */
export function heatQuery(cell: number, window: { period: string } | { from: string; to: string }): string {
  const days: Record<string, string> = 'period' in window ? { period: window.period } : { from: window.from, to: window.to };
  return new URLSearchParams({ kind: 'hazard', cell: String(cell), ...days }).toString();
}

interface Told { unit: string; stops: { value: number; colour: string }[]; parts: { cell: Schemas['Cell']; window?: Schemas['Window']; off_map?: number }[] }

/** The fixed scale of the surface, as the server paints it, and how many of its events it does not show. */
export function HeatLegend({ query }: { query: string }) {
  const { data } = useAnswer(`heat ${query}`, (signal) => follow<Told>(`/heatmap.json?${query}`, signal), recordsChanged.value);
  if (!data) return null;
  const { stops, unit, parts: [part] } = data;
  return (
    <div class="heat_legend">
      <span class="bar" aria-hidden="true" style={{ background: `linear-gradient(90deg, ${stops.map((s) => s.colour).join(', ')})` }} />
      <span class="scale_of">{stops.map((s) => <small key={s.value}>{numeral(s.value)}</small>)}</span>
      <small>{unitWord(unit)}</small>
      {part?.off_map !== undefined && part.window && <> · <OffMap n={part.off_map} list={`/api/v1/hazards?district=${area.value!.district.id}&cell=${part.cell.id}&from=${part.window.from}&to=${part.window.to}`} /></>}
      <small class="soft block">{t('heat_note')}</small>
    </div>
  );
}
