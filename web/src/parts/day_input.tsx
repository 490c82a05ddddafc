import { useEffect, useRef } from 'preact/hooks';
import { dayOf, type Day } from '../state/days';
import { t } from '../words';
import { Icon } from './icon';

interface Props { day: Day; name?: string; required?: boolean; min?: Day; max?: Day; onDay?: (day: Day) => void }

/** A day in figures, the same in every browser: its own field for dates follows the browser's language, and not the page's. Its calendar is there beside it. */
export function DayInput({ day, name, required = false, min = '', max = '', onDay }: Props) {
  const text = useRef<HTMLInputElement>(null), calendar = useRef<HTMLInputElement>(null);
  useEffect(() => { text.current!.value = day; text.current!.setCustomValidity(''); }, [day]);
  const settle = (written: string) => {
    const box = text.current!, read = dayOf(written), within = read !== null && (!min || read >= min) && (!max || read <= max);
    box.setCustomValidity(within || (written === '' && !required) ? '' : read === null ? t('day_unfit') : t('day_outside', { from: min || '…', to: max || '…' }));
    if (!box.reportValidity() || !read) return;
    box.value = read;
    onDay?.(read);
  };
  const pick = () => {
    calendar.current!.value = dayOf(text.current!.value) ?? day;
    calendar.current!.showPicker();
  };
  return (
    <span class="day_input">
      <input ref={text} type="text" name={name} required={required} defaultValue={day} inputMode="numeric" autocomplete="off" maxLength={11} placeholder={t('day_form')} onChange={(e) => settle(e.currentTarget.value)} />
      <button type="button" class="quiet" aria-label={t('pick_day')} title={t('pick_day')} onClick={pick}><Icon name="calendar" size={14} /></button>
      <input ref={calendar} type="date" tabIndex={-1} aria-hidden="true" min={min} max={max} onChange={(e) => { if (e.currentTarget.value) { text.current!.value = e.currentTarget.value; text.current!.dispatchEvent(new Event('input', { bubbles: true })); settle(e.currentTarget.value); } }} />
    </span>
  );
}
