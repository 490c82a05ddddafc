/** What is asked of the figures: measure, level, window, mode and day, all from the address. */
import { computed } from '@preact/signals';
import { measureOf, type MeasureName } from '../measures';
import { endOf, earlier, firstOf, isDay, later, plusDays, windowOf, WINDOWS, type Day, type WindowKind } from './days';
import { param } from './route';
import { area } from './session';

export type Level = 'district' | 'town' | 'village';
export type Mode = 'as_was' | 'as_is' | 'as_of';
export const LEVELS: readonly Level[] = ['district', 'town', 'village'];
export const MODES: readonly Mode[] = ['as_was', 'as_is', 'as_of'];

const oneOf = <T extends string>(values: readonly T[], text: string, fallback: T): T => values.find((v) => v === text) ?? fallback;

/** The last day that can be looked at: today where the district lies. */
export const today = computed<Day>(() => area.value?.district.today ?? new Date().toISOString().slice(0, 10));
/** The last day of which there is a record; where records end long ago, the page opens there. */
export const lastRecord = computed<Day>(() => earlier(area.value?.district.last_day ?? today.value, today.value));
export const firstDay = computed<Day>(() => area.value?.district.holds_from ?? '2000-01-01');

/** The day on which the area opens; where that is before the last record, the page says so. */
export const opensOn = computed<Day>(() => area.value?.opens ?? lastRecord.value);
export const openedEarlier = computed(() => !isDay(param('day')) && opensOn.value < lastRecord.value);

/** The day that is looked at: the last of the window, and that of the map and the people. */
export const day = computed<Day>(() => {
  const asked = param('day');
  return isDay(asked) ? later(earlier(asked, today.value), firstDay.value) : later(opensOn.value, firstDay.value);
});
export const measure = computed<MeasureName>(() => measureOf(param('measure')));
export const level = computed<Level>(() => oneOf(LEVELS, param('level'), 'village'));
export const mode = computed<Mode>(() => oneOf(MODES, param('mode'), 'as_was'));
export const windowKind = computed<WindowKind>(() => oneOf(WINDOWS, param('window'), 'year'));

/** The first day of the window. */
export const from = computed<Day>(() => {
  const kind = windowKind.value;
  if (kind !== 'own') return firstOf(kind, day.value);
  const asked = param('from');
  return isDay(asked) ? earlier(asked, day.value) : plusDays(day.value, -364);
});

/** The parameters of window and mode, as figures, lists and tiles take them. */
export const windowQuery = computed(() => ({
  ...windowOf(windowKind.value, day.value, from.value, today.value),
  mode: mode.value,
  ...(mode.value === 'as_of' && { as_of: asOf.value }),
}));
/** Of a whole year the period before is the same as that of the year before: it is told once. */
export const isYear = computed(() => windowKind.value === 'year' || (from.value.slice(5) === '01-01' && plusDays(day.value, 1) === endOf('year', from.value)));
export const asOf = computed<Day>(() => (isDay(param('as_of')) ? earlier(param('as_of'), today.value) : day.value));

/** The day of the map on which the figures stand. */
export const mapDay = computed<Day>(() => ({ as_was: day.value, as_is: today.value, as_of: asOf.value })[mode.value]);
export const chosen = computed<number | null>(() => (Number.isInteger(Number(param('cell'))) && param('cell') ? Number(param('cell')) : null));
