import { level } from '../state/asked';
import { tool } from '../state/map_tool';
import { go, param } from '../state/route';
import { clear, maySelect, selected, selectedEnterprises } from '../state/selection';
import { t } from '../words';
import { IntoPlan } from './into_plan';

/** How much is selected, and what can be done with it. */
export function SelectionBar() {
  const open = param('work') === 'plan', setOpen = (on: boolean) => go({ work: on ? 'plan' : null }, true); // in the address, so that a reload leaves it open
  if (!maySelect.value || level.value === 'district') return null;
  const cells = selected.value.length, enterprises = selectedEnterprises.value.length;
  const draw = (what: 'split' | 'boundary') => { go({ zoom_to: selected.value[0] ?? null }, true); tool.value = what; };
  return (
    <div class="selection_bar">
      {cells + enterprises === 0 ? <small class="soft">{t('select_hint')}</small> : (
        <>
          <strong>{cells > 0 && t('selected', { n: cells })} {enterprises > 0 && t('selected_enterprises', { n: enterprises })}</strong><span class="grow" />
          <button type="button" class="quiet" onClick={clear}>{t('clear')}</button>
          {cells === 1 && enterprises === 0 && <><button type="button" onClick={() => draw('split')}>{t('op_split')}</button><button type="button" onClick={() => draw('boundary')}>{t('op_boundary')}</button></>}
          <button type="button" class="primary" onClick={() => setOpen(true)}>{t('into_plan')}</button>
        </>
      )}
      {open && cells + enterprises > 0 && <IntoPlan level={level.value} onClose={() => setOpen(false)} />}
    </div>
  );
}
