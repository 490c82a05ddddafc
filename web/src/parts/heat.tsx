import { get } from '../api/client';
import { numeral } from '../format';
import { t, unitWord } from '../words';
import { useAnswer } from './answer';

/** The parameters of the tiles of hazards found over an area in a window; attribution plays no part, as events are drawn where they happened. */
export function heatQuery(cell: number, window: { period: string } | { from: string; to: string }): string {
  const days: Record<string, string> = 'period' in window ? { period: window.period } : { from: window.from, to: window.to };
  return new URLSearchParams({ kind: 'hazard', cell: String(cell), ...days }).toString();
}

/** The fixed scale of the surface, as the server paints it. */
export function HeatLegend() {
  const legend = useAnswer('heat legend', (signal) => get('/heatmap/legend', { query: { kind: 'hazard' }, signal }));
  const stops = legend.data?.stops;
  if (!legend.data || !stops) return null;
  return (
    <div class="heat_legend">
      <span class="bar" aria-hidden="true" style={{ background: `linear-gradient(90deg, ${stops.map((s) => s.colour).join(', ')})` }} />{' '}
      <small>{numeral(stops[0]?.value ?? 0)} – {numeral(stops.at(-1)?.value ?? 0)} {unitWord(legend.data.unit)}</small>
      <small class="soft block">{t('heat_note')}</small>
    </div>
  );
}
