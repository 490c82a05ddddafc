import { useEffect, useState } from 'preact/hooks';
import { dayText } from '../format';
import { MEASURE_GROUPS } from '../measures';
import { DayInput } from '../parts/day_input';
import { PaperLink } from '../parts/paper_link';
import { asOf, day, firstDay, openedEarlier, from, level, LEVELS, mapDay, measure, mode, MODES, today, windowKind, windowQuery } from '../state/asked';
import { daysBetween, plusDays, WINDOWS } from '../state/days';
import { go } from '../state/route';
import { area } from '../state/session';
import { measureWord, t, type Word } from '../words';

function Choice<T extends string>({ label, values, value, onChoose }: { label: string; values: readonly T[]; value: T; onChoose: (v: T) => void }) {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {values.map((v) => <label key={v}><input type="radio" name={label} checked={v === value} onChange={() => onChoose(v)} /><span>{t(v as Word)}</span></label>)}
    </fieldset>
  );
}

function DayField({ label, value, name }: { label: string; value: string; name: 'day' | 'from' | 'as_of' }) {
  return (
    <label class="field"><span>{label}</span>
      <DayInput day={value} required min={firstDay.value} max={today.value} onDay={(d) => go({ [name]: d })} />
    </label>
  );
}

export function MeasureChoice() {
  return (
    <label class="field"><span>{t('measure')}</span>
      <select name="measure" value={measure.value} onChange={(e) => go({ measure: e.currentTarget.value })}>
        {MEASURE_GROUPS.map(({ group, measures }) => (
          <optgroup key={group} label={t(`group_${group}` as Word)}>{measures.map((m) => <option key={m} value={m}>{measureWord(m)}</option>)}</optgroup>
        ))}
      </select>
    </label>
  );
}

export function WindowChoice() {
  return (
    <>
      <Choice label={t('window')} values={WINDOWS} value={windowKind.value} onChoose={(v) => go({ window: v === 'year' ? null : v })} />
      {openedEarlier.value && <small class="soft opened">{t('opened_earlier', { day: dayText(day.value) })}</small>}
      {windowKind.value === 'own' && <DayField label={t('from')} value={from.value} name="from" />}
    </>
  );
}

/** What is asked of the figures. */
export function AskBar() {
  return (
    <form class="ask" onSubmit={(e) => e.preventDefault()} aria-label={t('figures')}>
      <MeasureChoice />
      <Choice label={t('level')} values={LEVELS} value={level.value} onChoose={(v) => go({ level: v === 'village' ? null : v })} />
      <WindowChoice />
      <label class="field"><span>{t('mode')}</span>
        <select name="mode" value={mode.value} onChange={(e) => go({ mode: e.currentTarget.value === 'as_was' ? null : e.currentTarget.value })}>
          {MODES.map((m) => <option key={m} value={m}>{t(m)}</option>)}
        </select>
      </label>
      {mode.value === 'as_of' && <DayField label={t('as_of_day')} value={asOf.value} name="as_of" />}
      <span class="grow" />
      <PaperLink query={{ within: area.value!.cell.id, level: level.value, measure: measure.value, at: mapDay.value, ...windowQuery.value }} />
    </form>
  );
}

const SETTLE = 250; // milliseconds after the slider last moved

/** The day of the map, the people and the last day of the window: a slider over all days that the map knows. */
export function DayBar() {
  const days = daysBetween(firstDay.value, today.value);
  const at = daysBetween(firstDay.value, day.value);
  const [sliding, setSliding] = useState<number | null>(null);
  useEffect(() => {
    if (sliding === null) return;
    const timer = setTimeout(() => { go({ day: plusDays(firstDay.value, sliding) }); setSliding(null); }, SETTLE);
    return () => clearTimeout(timer);
  }, [sliding]);
  const shown = sliding === null ? day.value : plusDays(firstDay.value, sliding);
  return (
    <div class="day_bar">
      <DayField label={t('day')} value={shown} name="day" />
      <input type="range" min={0} max={days} value={sliding ?? at} aria-label={t('play_day')} aria-valuetext={dayText(shown)} onInput={(e) => setSliding(Number(e.currentTarget.value))} />
      <small class="soft nowrap">{t('window')} {dayText(from.value)} – {dayText(shown)}</small>
    </div>
  );
}
