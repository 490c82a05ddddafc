/** Numbers, days and figures in the words of the chosen language. */
import type { Schemas } from './api/client';
import { language } from './state/preferences';
import { t, unitWord, reasonWord } from './words';
import { tendencyOf } from './measures';

type Figure = Pick<Schemas['Figure'], 'value' | 'unit' | 'low' | 'high' | 'reason'>;

const locale = (): string => (language.value === 'zh' ? 'zh-CN' : 'en-GB');
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) formats.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format;
}

/** Whole numbers whole; others with three digits that count. */
export function numeral(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 1000) return numberFormat({ maximumFractionDigits: 0 }).format(value);
  return numberFormat({ maximumSignificantDigits: 3 }).format(value);
}

export const percent = (value: number, digits = 1): string => numberFormat({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
export const dayText = (day: string | null): string =>
  day ? new Intl.DateTimeFormat(locale(), { year: 'numeric', month: language.value === 'zh' ? 'numeric' : 'short', day: 'numeric', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`)) : '—';

/** A moment as the clock of who looks has it. */
export const momentText = (moment: string): string => new Intl.DateTimeFormat(locale(), { year: 'numeric', month: language.value === 'zh' ? 'numeric' : 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(new Date(moment));

/** A value of a measure in its unit's form, without the unit's name. */
export function valueText(value: number, unit: string): string {
  if (unit === '1') return percent(value);
  return numeral(value);
}

const GRADES = ['risk_1', 'risk_2', 'risk_3', 'risk_4'] as const;
export function gradeText(grade: number | null): string {
  const word = grade ? GRADES[grade - 1] : undefined;
  return word ? t(word) : t('risk_none');
}

export function figureText(measure: string, f: Figure): string {
  if (f.value === null) return reasonWord(f.reason);
  if (tendencyOf(measure) === 'risk') return gradeText(f.value);
  return valueText(f.value, f.unit);
}

/** Numerator and denominator, where a figure is a quotient. */
export const partsText = (f: Pick<Schemas['Figure'], 'numerator' | 'denominator'>): string => (f.denominator === null ? '' : ` (${numeral(f.numerator)}/${numeral(f.denominator)})`);

export function intervalText(f: Figure): string {
  if (f.low === null || f.high === null) return '';
  return f.unit === '1' ? `${percent(f.low)}–${percent(f.high)}` : `${numeral(f.low)}–${numeral(f.high)}`;
}

export const unitText = (measure: string, unit: string): string => (unit === '1' || tendencyOf(measure) === 'risk' ? '' : unitWord(unit));

/** How much something changed, as a bare number: shares by percentage points. */
export const pointsText = (change: number, unit: string): string => (unit === '1' ? numberFormat({ maximumFractionDigits: 1 }).format(change * 100) : numeral(change));

/** The same with its unit. */
export const changeText = (change: number, unit: string): string => pointsText(change, unit) + (unit === '1' ? ` ${t('points')}` : '');
