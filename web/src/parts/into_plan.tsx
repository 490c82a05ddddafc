import { useState } from 'preact/hooks';
import { plusDays } from '../state/days';
import { nameOf } from '../state/names';
import { selected, selectedEnterprises } from '../state/selection';
import { t } from '../words';
import { CAUSES, Fields, type Chosen } from './into_plan_fields';
import { PlanForm, type Operation } from './plan_form';

const ACTIONS = ['assign', 'cover', 'move_cell', 'swap', 'merge', 'recode', 'move_enterprise', 'close'] as const;
export type Action = (typeof ACTIONS)[number];

interface Target { post: string; person: number | null; until: string; parent: string; cause: string; survivor: string; code: string; name: string }

/** Whether an action is done with cells or, where none is selected, with enterprises. */
const those = (action: Action, cells: readonly number[], enterprises: readonly number[]): readonly number[] => (action === 'move_enterprise' || (action === 'close' && cells.length === 0) ? enterprises : cells);

/** What the form asks for, as operations: one for each cell or enterprise; a merge or swap is one for all. */
export function operationsOf(cells: readonly number[], enterprises: readonly number[], action: Action, to: Target): Operation[] {
  switch (action) {
    case 'assign': return cells.map((cell) => ({ kind: action, cell: String(cell), post: to.post, person: to.person }));
    case 'cover': return cells.map((cell) => ({ kind: 'assign', cell: String(cell), post: to.post, person: to.person, acting: true, to: plusDays(to.until, 1) }));
    case 'move_cell': return cells.map((cell) => ({ kind: action, cell: String(cell), parent: to.parent }));
    case 'swap': return [{ kind: action, cell: String(cells[0]), with: String(cells[1]), ...(to.post && { post: to.post }) }];
    case 'merge': return [{ kind: action, sources: cells.map(String), into: to.survivor ? { cell: to.survivor } : { code: to.code, name: to.name } }];
    case 'recode': return [{ kind: action, cell: String(cells[0]), code: to.code }];
    case 'move_enterprise': return enterprises.map((e) => ({ kind: action, cell: String(e), parent: to.parent, cause: to.cause as (typeof CAUSES)[number] }));
    case 'close': return those(action, cells, enterprises).map((cell) => ({ kind: action, cell: String(cell) }));
  }
}

/** What can be done with what is selected. */
export function actionsFor(cells: number, enterprises: number, level: string): Action[] {
  const can: Record<Action, boolean> = {
    assign: cells > 0, cover: cells > 0, move_cell: cells > 0 && level === 'village', swap: cells === 2, merge: cells > 1, recode: cells === 1, move_enterprise: enterprises > 0, close: cells + enterprises > 0,
  };
  return ACTIONS.filter((a) => can[a]);
}

/** What is selected into a plan: another officer, another town or village, one cell of several, or an end. */
export function IntoPlan({ level, onClose }: { level: string; onClose: () => void }) {
  const cells = selected.value, enterprises = selectedEnterprises.value, actions = actionsFor(cells.length, enterprises.length, level);
  const [action, setAction] = useState<Action>(actions[0]!);
  const [chosen, setChosen] = useState<Chosen>({ person: null, village: null });
  const operations = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '').trim();
    return operationsOf(cells, enterprises, action, { post: text('post'), person: chosen.person?.id ?? null, until: text('until'), parent: action === 'move_enterprise' ? String(chosen.village?.id) : text('parent'), cause: text('cause'), survivor: text('survivor'), code: text('code'), name: text('name') });
  };
  const named = those(action, cells, enterprises), few = named.slice(0, 3).map(nameOf).join(t('list_comma')), title = `${named.length > 3 ? t('and_others', { names: few }) : few} ${t(`op_${action}`)}`;
  const ready = action === 'assign' || action === 'cover' ? chosen.person !== null : action !== 'move_enterprise' || chosen.village !== null;
  return (
    <PlanForm heading={t('into_plan')} title={title} ready={ready} operations={operations} onClose={onClose}>
      <p class="soft">{named.slice(0, 12).map(nameOf).join(t('list_comma'))}{named.length > 12 && ` … ${t('selected', { n: named.length })}`}</p>
      <fieldset class="choice wide_choice"><legend class="hidden">{t('plan_action')}</legend>
        {actions.map((a) => <label key={a}><input type="radio" name="action" value={a} checked={a === action} onChange={() => setAction(a)} /><span>{t(`op_${a}`)}</span></label>)}
      </fieldset>
      <Fields action={action} level={level} chosen={chosen} onChoose={setChosen} />
    </PlanForm>
  );
}
