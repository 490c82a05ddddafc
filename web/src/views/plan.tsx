import { useState } from 'preact/hooks';
import { addressOf, get, post, Refusal, remove, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Icon } from '../parts/icon';
import { Answered, Sentence, Trouble } from '../parts/notice';
import { nameOf } from '../state/names';
import { plansChanged } from '../state/changes';
import { go } from '../state/route';
import { holds, me } from '../state/session';
import { accountWord, said, t } from '../words';
import { Alters } from './plan_alters';
import { ApproveForm } from './plan_approve';
import { Attachments } from './plan_attachments';
import { Compare } from './plan_compare';
import { HandoverList } from './plan_list';
import { Operations } from './plan_operations';
import { Receipts } from './plan_receipts';
import { stepsOf, type Step } from './plan_steps';
import { useOtherHands } from './plan_watch';
import { statusWord } from './plans';

type Plan = Schemas['Reassignment'];
const SHOWN = 20; // new findings

async function take(plan: Plan, step: Step, comment: string): Promise<string> {
  const at = { path: { id: plan.id }, match: plan.version, key: crypto.randomUUID() };
  switch (step) {
    case 'withdraw': return (await remove('/api/v1/reassignments/{id}', at)).id;
    case 'approve': return (await post('/api/v1/reassignments/{id}/approve', { ...at, body: comment ? { comment } : {} })).id;
    case 'revert': return (await post('/api/v1/reassignments/{id}/revert', { ...at, body: { reason: t('plan_revert_reason', { title: plan.title }) } })).id;
    case 'rebase': return (await post('/api/v1/reassignments/{id}/rebase', at)).plan.id;
    default: return (await post(`/api/v1/reassignments/{id}/${step}`, at)).id;
  }
}

function Problems({ problems }: { problems: readonly Schemas['PlanProblem'][] }) {
  if (problems.length === 0) return <p class="told" role="status">{t('plan_valid')}</p>;
  return <ul class="problems">{problems.map((p, i) => <li key={i} class={p.severity}>{p.operation !== null && <b>{p.operation} </b>}<Sentence text={p.message} />{p.cell !== null && <> · <button type="button" class="link" onClick={() => go({ view: 'map', cell: p.cell, zoom_to: p.cell })}>{nameOf(p.cell)}</button></>}</li>)}</ul>;
}

/** What the plan would make of the findings: each that is new, and how many it mends. */
function Changed({ findings }: { findings: Schemas['PlanFindings'] }) {
  const count = (of: Record<string, number>) => numeral(Object.values(of).reduce((sum, n) => sum + n, 0));
  const { counts, new: fresh, solved } = findings;
  if (fresh.length + solved.length === 0) return <p class="soft">{t('plan_findings_same', { n: count(counts.standing) })}</p>;
  return (
    <>
      <p>{t('plan_findings', { new: count(counts.new), solved: count(counts.solved), n: count(counts.standing) })}</p>
      {fresh.length > 0 && <ul class="problems" aria-label={t('plan_findings_new')}>{fresh.slice(0, SHOWN).map((f) => <li key={f.id} class={f.severity}><button type="button" class="link" onClick={() => go({ view: 'map', cell: f.cell.id, zoom_to: f.cell.id })}>{f.cell.name}</button> {said(f.message)}</li>)}</ul>}
    </>
  );
}

function Steps({ plan, onTaken }: { plan: Plan; onTaken: (id: string) => void }) {
  const [state, setState] = useState<{ busy: Step | null; error: Refusal | null }>({ busy: null, error: null });
  const steps = stepsOf(plan, { coordinator: holds('coordinator'), approver: holds('approver'), author: me.value!.username === plan.author });
  const [approving, setApproving] = useState(false);
  const run = async (step: Step, comment = '') => {
    setState({ busy: step, error: null });
    try {
      onTaken(await take(plan, step, comment));
      setState({ busy: null, error: null });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setState({ busy: null, error: e });
      if (e.status === 412 || e.status === 409) onTaken(plan.id); // another has changed it, or it is blocked now: shown as it is
    }
  };
  return (
    <>
      {state.error && <Trouble error={state.error} />}
      <p class="buttons">{steps.map((s) => <button key={s} type="button" class={s === 'apply' || s === 'approve' ? 'primary' : ''} disabled={state.busy !== null} onClick={() => { if (s === 'approve') setApproving(true); else void run(s); }}>{state.busy === s ? t('sending') : t(`step_${s}`)}</button>)}</p>
      {approving && <ApproveForm title={plan.title} onApprove={(comment) => { setApproving(false); void run('approve', comment); }} onClose={() => setApproving(false)} />}
      {plan.status === 'draft' && plan.needs_approval && <p class="note">{t('plan_needs_approval')}</p>}
    </>
  );
}

/** 调整审批表 and 交接单, as the plan stands now. */
function Papers({ id }: { id: string }) {
  return <p class="buttons">{(['approval_form', 'handover_note'] as const).map((kind) => <a key={kind} class="button" download href={addressOf('/api/v1/reassignments/{id}/paper', { id }, { kind, format: 'pdf' })}><Icon name="print" />{t(`paper_${kind}`)}</a>)}</p>;
}

/** One plan: what it changes, what stands in its way, and its next steps. */
export function PlanPage({ id }: { id: string }) {
  const [turn, setTurn] = useState(0);
  const plan = useAnswer(`plan ${id} ${turn}`, (signal) => get('/api/v1/reassignments/{id}', { path: { id }, signal }));
  const open = plan.data && ['draft', 'approved', 'scheduled', 'blocked'].includes(plan.data.status);
  const check = useAnswer(open && plan.data!.operations.some((o) => o.state === 'active') ? `check ${id} ${plan.data!.version}` : null, (signal) => post('/api/v1/reassignments/{id}/validate', { path: { id }, signal }));
  const other = useOtherHands(plan.busy ? null : plan.data, me.value!.username);
  const taken = (next: string) => { setTurn((n) => n + 1); plansChanged.value += 1; go({ plan: next }); };
  return (
    <section aria-labelledby="plan_title" data-plan={plan.data?.status}>
      <Answered of={plan}>
        {(p) => (
          <>
            {other && <p class="told other_hands" role="alert">{t(other.by ? 'plan_changed_by' : 'plan_changed', { name: accountWord(other.by) })} <button type="button" onClick={() => taken(id)}>{t('plan_show_new')}</button></p>}
            <header class="plan_head"><h2 id="plan_title">{p.title}</h2> <span class={`status ${p.status}`}>{statusWord(p.status)}</span></header>
            <p class="soft">{p.reason}{p.document_no && ` · ${p.document_no}`} · {t('plan_day')} {dayText(p.effective_on)} · {t('plan_author')} {accountWord(p.author)}</p>
            <Operations plan={p} />
            {p.approvals.map((a) => <p key={a.at} class="note">{t('plan_approved_by', { name: accountWord(a.approver) })}{a.comment && t('colon') + a.comment}</p>)}
            {check.data ? <><Problems problems={check.data.problems} /><Changed findings={check.data.findings} /><Alters of={check.data.alters} /></> : p.problems.length > 0 && <Problems problems={p.problems} />}
            <Steps plan={p} onTaken={taken} />
            <Receipts plan={p} onTaken={taken} />
            <HandoverList plan={p} onAdded={taken} />
            <Attachments plan={p} onAdded={taken} />
            <Papers id={p.id} />
            <Compare plan={p} />
          </>
        )}
      </Answered>
    </section>
  );
}
