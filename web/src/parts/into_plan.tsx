import { useState } from 'preact/hooks';
import { whole, type Schemas } from '../api/client';
import { mapDay } from '../state/asked';
import { nameOf } from '../state/names';
import { selected, selectedEnterprises } from '../state/selection';
import { area, posts } from '../state/session';
import { postWord, t } from '../words';
import { useAnswer } from './answer';
import { CellChoice } from './cell_choice';
import { PersonChoice } from './person_choice';
import { PlanForm, type Operation } from './plan_form';

const ACTIONS = ['assign', 'move_cell', 'merge', 'move_enterprise'] as const;
type Action = (typeof ACTIONS)[number];
const CAUSES = ['moved', 'data_wrong', 'boundary_changed'] as const;

interface Target { post: string; person: number | null; parent: string; cause: string; survivor: string; code: string; name: string }

/** What the form asks for, as operations: one for each cell or enterprise; a merge is one for all. */
export function operationsOf(cells: readonly number[], enterprises: readonly number[], action: Action, to: Target): Operation[] {
  switch (action) {
    case 'assign': return cells.map((cell) => ({ kind: action, cell: String(cell), post: to.post, person: to.person }));
    case 'move_cell': return cells.map((cell) => ({ kind: action, cell: String(cell), parent: to.parent }));
    case 'merge': return [{ kind: action, sources: cells.map(String), into: to.survivor ? { cell: to.survivor } : { code: to.code, name: to.name } }];
    case 'move_enterprise': return enterprises.map((e) => ({ kind: action, cell: String(e), parent: to.parent, cause: to.cause as (typeof CAUSES)[number] }));
  }
}

/** What can be done with what is selected. */
export function actionsFor(cells: number, enterprises: number, level: string): Action[] {
  return ACTIONS.filter((a) => (a === 'move_enterprise' ? enterprises > 0 : a === 'assign' ? cells > 0 : a === 'merge' ? cells > 1 : cells > 0 && level === 'village'));
}

function Merge() {
  const [survivor, setSurvivor] = useState(String(selected.value[0]));
  return (
    <>
      <label>{t('merge_into')}
        <select name="survivor" value={survivor} onChange={(e) => setSurvivor(e.currentTarget.value)}>
          {selected.value.map((c) => <option key={c} value={String(c)}>{nameOf(c)}</option>)}
          <option value="">{t('merge_new')}</option>
        </select>
      </label>
      {survivor === '' && <div class="row"><label>{t('code')}<input name="code" required maxLength={40} /></label><label>{t('name')}<input name="name" required maxLength={200} /></label></div>}
    </>
  );
}

function TownChoice() {
  const towns = useAnswer(`towns ${area.value!.cell.id} ${mapDay.value}`, (signal) => whole<Schemas['Cell']>(`/api/v1/cells?within=${area.value!.cell.id}&level=town&at=${mapDay.value}`, signal));
  return <label>{t('move_below')}<select name="parent" required><option value="">{t('choose')}</option>{towns.data?.map((c) => <option key={c.id} value={String(c.id)}>{c.name}</option>)}</select></label>;
}

interface Chosen { person: Schemas['Person'] | null; village: Schemas['Cell'] | null }

function Fields({ action, level, chosen, onChoose }: { action: Action; level: string; chosen: Chosen; onChoose: (c: Chosen) => void }) {
  switch (action) {
    case 'merge': return <Merge />;
    case 'move_cell': return <TownChoice />;
    case 'move_enterprise': return (
      <>
        <fieldset><legend>{t('move_into')}</legend><CellChoice level="village" chosen={chosen.village} onChoose={(village) => onChoose({ ...chosen, village })} /></fieldset>
        <label>{t('cause')}<select name="cause">{CAUSES.map((c) => <option key={c} value={c}>{t(`cause_${c}`)}</option>)}</select></label>
      </>
    );
    case 'assign': return (
      <>
        <label>{t('col_post')}<select name="post">{posts.value.filter((p) => p.level === level && p.is_primary).map((p) => <option key={p.code} value={p.code}>{postWord(p.code)}</option>)}</select></label>
        <fieldset><legend>{t('hand_over_to')}</legend><PersonChoice district={area.value!.district.id} chosen={chosen.person} onChoose={(person) => onChoose({ ...chosen, person })} /></fieldset>
      </>
    );
  }
}

/** What is selected into a plan: another officer, another town or village, or one cell of several. */
export function IntoPlan({ level, onClose }: { level: string; onClose: () => void }) {
  const cells = selected.value, enterprises = selectedEnterprises.value, actions = actionsFor(cells.length, enterprises.length, level);
  const [action, setAction] = useState<Action>(actions[0]!);
  const [chosen, setChosen] = useState<Chosen>({ person: null, village: null });
  const operations = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '');
    return operationsOf(cells, enterprises, action, { post: text('post'), person: chosen.person?.id ?? null, parent: action === 'move_enterprise' ? String(chosen.village?.id) : text('parent'), cause: text('cause'), survivor: text('survivor'), code: text('code'), name: text('name') });
  };
  const those = action === 'move_enterprise' ? enterprises : cells;
  const few = those.slice(0, 3).map(nameOf).join(t('list_comma')), title = `${those.length > 3 ? t('and_others', { names: few }) : few} ${t(`op_${action}`)}`;
  return (
    <PlanForm heading={t('into_plan')} title={title} ready={(action !== 'assign' || chosen.person !== null) && (action !== 'move_enterprise' || chosen.village !== null)} operations={operations} onClose={onClose}>
      <p class="soft">{those.slice(0, 12).map(nameOf).join(t('list_comma'))}{those.length > 12 && ` … ${t('selected', { n: those.length })}`}</p>
      <fieldset class="choice wide_choice"><legend class="hidden">{t('plan_action')}</legend>
        {actions.map((a) => <label key={a}><input type="radio" name="action" value={a} checked={a === action} onChange={() => setAction(a)} /><span>{t(`op_${a}`)}</span></label>)}
      </fieldset>
      <Fields action={action} level={level} chosen={chosen} onChoose={setChosen} />
    </PlanForm>
  );
}
