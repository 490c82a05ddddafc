/** How the figures of a level are coloured: shared by the map and its legend. */
import { breaksOf, classOf, spread } from '../classes';
import { numeral, percent } from '../format';
import { tendencyOf } from '../measures';
import type { Theme } from '../state/preferences';
import type { Rows } from '../state/rows';
import { t } from '../words';
import { paletteOf, rampOf, RISK } from './palette';

export interface Colouring {
  breaks: number[];
  swatches: { colour: string; text: string }[];
  colours: Map<number, string>; // by cell; what has none has no data
  noData: number[];
  notSignificant: number[];
  zeros: boolean;
}

/** Breaks that a level of an area first had with a measure: they stay while the window moves, so that colours can be compared. */
const fixed = new Map<string, number[]>();

export function keptBreaks(key: string, rows: Rows, measure: string): number[] {
  const kept = fixed.get(key);
  if (kept) return kept;
  const values = rows.rows.flatMap((r) => (r.figure.value === null ? [] : [r.figure.value]));
  const breaks = breaksOf(values, rows.rows.some((r) => r.figure.unit === '1'), tendencyOf(measure));
  if (values.some((v) => v > 0)) fixed.set(key, breaks);
  return breaks;
}

const RISK_WORDS = ['risk_1', 'risk_2', 'risk_3', 'risk_4'] as const;

function swatchesOf(breaks: readonly number[], ramp: readonly string[], share: boolean) {
  const text = (v: number) => (share ? percent(v, 0) : numeral(v));
  return ramp.map((colour, i) => {
    const low = breaks[i - 1], high = breaks[i];
    return { colour, text: low === undefined ? (high === undefined ? '> 0' : `< ${text(high)}`) : high === undefined ? `≥ ${text(low)}` : `${text(low)} – ${text(high)}` };
  });
}

export function colouringOf(rows: Rows, measure: string, key: string, theme: Theme): Colouring {
  const tendency = tendencyOf(measure), palette = paletteOf(theme);
  const breaks = keptBreaks(key, rows, measure);
  const ramp = tendency === 'risk' ? [...RISK] : spread(rampOf(tendency, theme), breaks.length + 1);
  const colours = new Map<number, string>(), noData: number[] = [], notSignificant: number[] = [];
  for (const { id, figure } of rows.rows) {
    if (figure.value === null) { noData.push(id); continue; }
    const at = tendency === 'risk' ? figure.value - 1 : classOf(figure.value, breaks);
    colours.set(id, at < 0 ? palette.zero : ramp[at] ?? palette.zero);
    if (figure.funnel?.outside === 'none') notSignificant.push(id);
  }
  const swatches = tendency === 'risk' ? RISK.map((colour, i) => ({ colour, text: t(RISK_WORDS[i]!) })) : swatchesOf(breaks, ramp, rows.rows.some((r) => r.figure.unit === '1'));
  return { breaks, swatches, colours, noData, notSignificant, zeros: rows.rows.some((r) => r.figure.value === 0) };
}
