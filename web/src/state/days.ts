/** Days as the contract has them, `2025-06-30`, without hours or zones. */
export type Day = string;

const MILLISECONDS = 86_400_000;
const instant = (day: Day): number => Date.parse(`${day}T00:00:00Z`);

export const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(instant(text)) && new Date(instant(text)).toISOString().startsWith(text);
/** The day that somebody wrote, as 2025-12-31, 2025/12/31, 2025年12月31日 or 20251231; null where it is none. */
export function dayOf(text: string): Day | null {
  const [, year, month, date] = /^(\d{4})(?:[-/.年\s]+|(?=\d{4}$))(\d{1,2})(?:[-/.月\s]+|(?=\d\d$))(\d{1,2})日?$/.exec(text.trim()) ?? [];
  const day = `${year}-${month?.padStart(2, '0')}-${date?.padStart(2, '0')}`;
  return isDay(day) ? day : null;
}
export const plusDays = (day: Day, n: number): Day => new Date(instant(day) + n * MILLISECONDS).toISOString().slice(0, 10);
/** How many days `b` comes after `a`. */
export const daysBetween = (a: Day, b: Day): number => Math.round((instant(b) - instant(a)) / MILLISECONDS);
export const earlier = (a: Day, b: Day): Day => (a < b ? a : b);
export const later = (a: Day, b: Day): Day => (a > b ? a : b);

export type Span = 'month' | 'quarter' | 'year';

export function firstOf(span: Span, day: Day): Day {
  const year = day.slice(0, 4), month = Number(day.slice(5, 7));
  if (span === 'year') return `${year}-01-01`;
  const first = span === 'month' ? month : month - ((month - 1) % 3);
  return `${year}-${String(first).padStart(2, '0')}-01`;
}

/** The first day after the month, quarter or year that a day lies in. */
export function endOf(span: Span, day: Day): Day {
  const first = firstOf(span, day), months = { month: 1, quarter: 3, year: 12 }[span];
  const month = Number(first.slice(5, 7)) - 1 + months;
  return `${Number(first.slice(0, 4)) + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

export const WINDOWS = ['month', 'quarter', 'year', 'own'] as const;
export type WindowKind = (typeof WINDOWS)[number];

/** `period`, where the window is one of the calendar, so that it is compared with the calendar's; otherwise `from` and `to`. */
export function windowOf(kind: WindowKind, last: Day, first: Day, now: Day): { period: string } | { from: Day; to: Day } {
  if (kind === 'own') return { from: first, to: plusDays(last, 1) };
  const running: Record<Span, string> = { month: 'this_month', quarter: 'this_quarter', year: 'this_year' };
  if (last === now) return { period: running[kind] };
  if (plusDays(last, 1) !== endOf(kind, last)) return { from: first, to: plusDays(last, 1) };
  const quarter = Math.ceil(Number(last.slice(5, 7)) / 3);
  return { period: { month: last.slice(0, 7), quarter: `${last.slice(0, 4)}-Q${quarter}`, year: last.slice(0, 4) }[kind] };
}

const HARDLY_BEGUN = 14; // days

/** The day on which the page opens where none is asked for: that of the last record, or the end of the year before, where the year of the last record is thin (by its visits) or had hardly begun. */
export function opening(lastRecord: Day, thin: boolean): Day {
  const year = firstOf('year', lastRecord);
  return thin || daysBetween(year, lastRecord) < HARDLY_BEGUN ? plusDays(year, -1) : lastRecord;
}
