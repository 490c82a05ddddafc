import { useState } from 'preact/hooks';
import { level } from '../state/asked';
import { clear, maySelect, selected } from '../state/selection';
import { t } from '../words';
import { IntoPlan } from './into_plan';

/** How many cells are selected, and what can be done with them. */
export function SelectionBar() {
  const [open, setOpen] = useState(false);
  if (!maySelect.value || level.value === 'district') return null;
  const n = selected.value.length;
  return (
    <div class="selection_bar">
      {n === 0 ? <small class="soft">{t('select_hint')}</small> : (
        <>
          <strong>{t('selected', { n })}</strong><span class="grow" />
          <button type="button" class="quiet" onClick={clear}>{t('clear')}</button>
          <button type="button" class="primary" onClick={() => setOpen(true)}>{t('into_plan')}</button>
        </>
      )}
      {open && n > 0 && <IntoPlan level={level.value} onClose={() => setOpen(false)} />}
    </div>
  );
}
