import { useEffect, useRef, useState } from 'preact/hooks';
import { get, post, Refusal, whole, type Schemas } from '../api/client';
import { mapDay, today } from '../state/asked';
import { nameOf } from '../state/names';
import { go } from '../state/route';
import { selected } from '../state/selection';
import { area, posts } from '../state/session';
import { postWord, t } from '../words';
import { useAnswer } from './answer';
import { Icon } from './icon';
import { Trouble } from './notice';
import { PersonChoice } from './person_choice';

type Operation = Schemas['Operation'];
type Plan = Schemas['Reassignment'];
const ACTIONS = ['assign', 'move_cell'] as const;
type Action = (typeof ACTIONS)[number];

/** What the form asks for, as operations: one for each cell. */
export function operationsOf(cells: readonly number[], action: Action, target: { post: string; person: number | null; parent: string }): Operation[] {
  return cells.map((cell) => (action === 'assign' ? { kind: 'assign', cell: String(cell), post: target.post, person: target.person } : { kind: 'move_cell', cell: String(cell), parent: target.parent }));
}

function useSubmit() {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const key = useRef(crypto.randomUUID());
  const submit = async (plan: Plan | null, fresh: { title: string; reason: string; effective_on: string }, operations: Operation[]) => {
    setState({ busy: true, error: null });
    try {
      const done = plan
        ? await post('/api/v1/reassignments/{id}/operations', { path: { id: plan.id }, key: key.current, match: plan.version, body: { operations } })
        : await post('/api/v1/reassignments', { key: key.current, body: { district: area.peek()!.district.id, ...fresh, operations } });
      go({ view: 'plans', plan: done.id, selected: null, cell: null });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      if (e.status !== 0) key.current = crypto.randomUUID();
      setState({ busy: false, error: e });
    }
  };
  return { ...state, submit };
}

function Target({ action, level, person, onPerson }: { action: Action; level: string; person: Schemas['Person'] | null; onPerson: (p: Schemas['Person'] | null) => void }) {
  const towns = useAnswer(action === 'move_cell' ? `towns ${mapDay.value}` : null, (signal) => whole<Schemas['Cell']>(`/api/v1/cells?within=${area.value!.cell.id}&level=town&at=${mapDay.value}`, signal));
  if (action === 'move_cell') {
    return <label>{t('move_below')}<select name="parent" required>{towns.data?.map((c) => <option key={c.id} value={String(c.id)}>{c.name}</option>)}</select></label>;
  }
  return (
    <>
      <label>{t('col_post')}<select name="post">{posts.value.filter((p) => p.level === level && p.is_primary).map((p) => <option key={p.code} value={p.code}>{postWord(p.code)}</option>)}</select></label>
      <fieldset><legend>{t('hand_over_to')}</legend><PersonChoice district={area.value!.district.id} chosen={person} onChoose={onPerson} /></fieldset>
    </>
  );
}

function PlanChoice({ plan, drafts, onChoose }: { plan: Plan | null; drafts: readonly Plan[]; onChoose: (p: Plan | null) => void }) {
  return (
    <>
      <label>{t('reassignment')}
        <select value={plan?.id ?? ''} onChange={(e) => onChoose(drafts.find((d) => d.id === e.currentTarget.value) ?? null)}>
          <option value="">{t('plan_new')}</option>
          {drafts.map((d) => <option key={d.id} value={d.id}>{d.title}</option>)}
        </select>
      </label>
      {!plan && (
        <>
          <label>{t('plan_title')}<input name="title" required maxLength={200} /></label>
          <label>{t('reason')}<input name="reason" required maxLength={2000} /></label>
          <label>{t('plan_day')}<input type="date" name="effective_on" required defaultValue={today.value} /></label>
        </>
      )}
    </>
  );
}

/** The selected cells into a plan: another officer, or another town. */
export function IntoPlan({ level, onClose }: { level: string; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [action, setAction] = useState<Action>('assign');
  const [person, setPerson] = useState<Schemas['Person'] | null>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const { busy, error, submit } = useSubmit();
  const drafts = useAnswer('drafts', (signal) => get('/api/v1/reassignments', { query: { district: area.value!.district.id, status: 'draft', limit: 100 }, signal }));
  useEffect(() => { dialog.current?.showModal(); }, []);
  const send = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '');
    void submit(plan, { title: text('title'), reason: text('reason'), effective_on: text('effective_on') }, operationsOf(selected.value, action, { post: text('post'), person: person?.id ?? null, parent: text('parent') }));
  };
  return (
    <dialog ref={dialog} class="form" aria-labelledby="into_plan_title" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onSubmit={(e) => { e.preventDefault(); send(new FormData(e.currentTarget)); }}>
        <header><h2 id="into_plan_title">{t('into_plan')}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        <p class="soft">{selected.value.map(nameOf).join(t('list_comma'))}</p>
        <fieldset class="choice wide_choice"><legend class="hidden">{t('plan_action')}</legend>
          {ACTIONS.map((a) => <label key={a}><input type="radio" name="action" checked={a === action} onChange={() => setAction(a)} /><span>{t(`op_${a}`)}</span></label>)}
        </fieldset>
        <Target action={action} level={level} person={person} onPerson={setPerson} />
        <PlanChoice plan={plan} drafts={drafts.data?.items ?? []} onChoose={setPlan} />
        {error && <Trouble error={error} />}
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary" disabled={busy || (action === 'assign' && !person)}>{busy ? t('sending') : t('into_plan')}</button></footer>
      </form>
    </dialog>
  );
}
