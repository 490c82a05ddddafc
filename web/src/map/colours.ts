/** How the figures of a level are coloured: shared by the map and its legend. */
import { classOf } from '../classes';
import { numeral, percent } from '../format';
import type { Rows } from '../state/rows';
import { t } from '../words';

export interface Colouring {
  swatches: { colour: string; text: string }[];
  zero: string;
  colours: Map<number, string>; // by cell; what has none has no data
  noData: number[];
  notSignificant: number[];
  zeros: boolean;
  side?: number; // of a cell, in metres: half of them are larger
}

const RISK_WORDS = ['risk_1', 'risk_2', 'risk_3', 'risk_4'] as const;

/** A class in words: its lower end is not in it, its upper end is. */
function classText(low: number, high: number | null, share: boolean): string {
  const text = (v: number) => (share ? percent(v, 0) : numeral(v));
  return high === null ? `> ${text(low)}` : low === 0 ? `≤ ${text(high)}` : `${text(low)} – ${text(high)}`;
}

/** By the server's fixed classes: one value has one colour for everybody, on any day and on paper, in the light and in the dark. */
export function colouringOf(rows: Rows): Colouring {
  const { legend } = rows, risk = legend.tendency === 'risk';
  const colours = new Map<number, string>(), noData: number[] = [], notSignificant: number[] = [];
  for (const { id, figure } of rows.rows) {
    if (figure.value === null) { noData.push(id); continue; }
    colours.set(id, legend.classes[classOf(figure.value, legend.classes)]?.colour ?? legend.zero);
    if (figure.funnel?.outside === 'none') notSignificant.push(id);
  }
  const areas = rows.rows.flatMap((r) => r.known?.area_km2 ?? []).sort((a, b) => a - b), side = Math.sqrt(areas[areas.length >> 1] ?? 0) * 1000;
  const swatches = legend.classes.map(({ low, high, colour }, i) => ({ colour, text: risk ? t(RISK_WORDS[i]!) : classText(low, high, legend.unit === '1') }));
  return { swatches, zero: legend.zero, colours, noData, notSignificant, zeros: rows.rows.some((r) => r.figure.value === 0), side };
}
