import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, post, Refusal, type Schemas } from '../api/client';
import { today } from '../state/asked';
import { plansChanged } from '../state/changes';
import { keepDrawn } from '../state/map_tool';
import { go } from '../state/route';
import { area } from '../state/session';
import { t } from '../words';
import { useAnswer } from './answer';
import { DayInput } from './day_input';
import { openForm } from './dialog';
import { Icon } from './icon';
import { Trouble } from './notice';

export type Operation = Schemas['Operation'];
type Plan = Schemas['Reassignment'];

const WRITTEN = 'gridward.plan', TEXTS = ['title', 'reason', 'document_no', 'effective_on'] as const;

/** What has been written into the form stays through a reload of the page, until it is a plan. */
function write(form: HTMLFormElement): void {
  const data = new FormData(form);
  sessionStorage.setItem(WRITTEN, JSON.stringify(Object.fromEntries(TEXTS.flatMap((name) => (data.get(name) ? [[name, String(data.get(name))]] : [])))));
}

function restore(form: HTMLFormElement): void {
  const written = JSON.parse(sessionStorage.getItem(WRITTEN) ?? '{}') as Record<string, string>;
  for (const name of TEXTS) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && written[name]) field.value = written[name];
  }
}

function useSubmit() {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const key = useRef(crypto.randomUUID()); // one deed, however often it is sent
  const submit = async (plan: Plan | null, fresh: { title: string; reason: string; document_no: string | null; effective_on: string }, operations: Operation[]) => {
    setState({ busy: true, error: null });
    try {
      const done = plan
        ? await post('/api/v1/reassignments/{id}/operations', { path: { id: plan.id }, key: key.current, match: plan.version, body: { operations } })
        : await post('/api/v1/reassignments', { key: key.current, body: { district: area.peek()!.district.id, ...fresh, operations } });
      sessionStorage.removeItem(WRITTEN);
      keepDrawn(null);
      go({ view: 'plans', plan: done.id, selected: null, enterprises: null, cell: null, work: null });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      if (e.status !== 0) key.current = crypto.randomUUID(); // what was refused may be changed and sent anew
      setState({ busy: false, error: e });
    }
  };
  return { ...state, submit };
}

function PlanChoice({ plan, drafts, title, onChoose }: { plan: Plan | null; drafts: readonly Plan[]; title: string; onChoose: (p: Plan | null) => void }) {
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
          <label>{t('plan_title')}<input name="title" required maxLength={200} defaultValue={title} /></label>
          <label>{t('reason')}<input name="reason" required maxLength={2000} /></label>
          <label>{t('document_no_optional')}<input name="document_no" maxLength={100} /></label>
          <label>{t('plan_day')}<DayInput name="effective_on" required day={today.value} /></label>
        </>
      )}
    </>
  );
}

interface Props {
  heading: string;
  title?: string; // proposed for a new plan
  ready: boolean; // whether all that the operations need is chosen
  operations: (form: FormData) => Operation[];
  onClose: () => void;
  children?: ComponentChildren;
}

/** A dialog that puts operations into a plan, a new one or a draft that is there; it leads to the plan. */
export function PlanForm({ heading, title = '', ready, operations, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [plan, setPlan] = useState<Plan | null>(null);
  const { busy, error, submit } = useSubmit();
  const drafts = useAnswer('drafts', (signal) => get('/api/v1/reassignments', { query: { district: area.value!.district.id, status: 'draft', limit: 100 }, signal }), plansChanged.value);
  useEffect(() => { openForm(dialog.current); restore(dialog.current!.querySelector('form')!); }, []);
  const send = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '');
    void submit(plan, { title: text('title'), reason: text('reason'), document_no: text('document_no').trim() || null, effective_on: text('effective_on') }, operations(form));
  };
  return (
    <dialog ref={dialog} class="form" aria-labelledby="plan_form_title" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onInput={(e) => write(e.currentTarget)} onSubmit={(e) => { e.preventDefault(); send(new FormData(e.currentTarget)); }}>
        <header><h2 id="plan_form_title">{heading}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        {children}
        <PlanChoice plan={plan} drafts={drafts.data?.items ?? []} title={title} onChoose={setPlan} />
        {error && <Trouble error={error} />}
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary" disabled={busy || !ready}>{busy ? t('sending') : t('into_plan')}</button></footer>
      </form>
    </dialog>
  );
}
