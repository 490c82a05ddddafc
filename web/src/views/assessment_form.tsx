import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { post, Refusal, type Schemas } from '../api/client';
import { MEASURE_GROUPS } from '../measures';
import { DayInput } from '../parts/day_input';
import { Icon } from '../parts/icon';
import { Trouble } from '../parts/notice';
import { firstDay, today } from '../state/asked';
import { plusDays } from '../state/days';
import { area } from '../state/session';
import { measureWord, t, type Word } from '../words';

type Assessment = Schemas['Assessment'];
interface Props { onClose: () => void; onDone: (id: string) => void }

const LEVELS = ['district', 'town', 'village'] as const;
const USUAL = new Set(['hazard_density', 'open_hazard_density', 'rectification_rate', 'on_time_rate', 'inspection_coverage', 'due_coverage', 'patrol_coverage']);

/** A dialog that sends one deed and tells which assessment it made or changed. */
function Dialog({ heading, sent, button, onClose, onDone, children }: Props & { heading: string; sent: (form: FormData, key: string) => Promise<Assessment>; button: string; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null), key = useRef(crypto.randomUUID()); // one deed, however often it is sent
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  useEffect(() => { dialog.current?.showModal(); }, []);
  const send = async (form: FormData) => {
    setState({ busy: true, error: null });
    try { onDone((await sent(form, key.current)).id); } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      if (e.status !== 0) key.current = crypto.randomUUID(); // what was refused may be changed and sent anew
      setState({ busy: false, error: e });
    }
  };
  return (
    <dialog ref={dialog} class="form" aria-labelledby="assessment_form" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onSubmit={(e) => { e.preventDefault(); void send(new FormData(e.currentTarget)); }}>
        <header><h2 id="assessment_form">{heading}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        {children}
        {state.error && <Trouble error={state.error} />}
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary" disabled={state.busy}>{state.busy ? t('sending') : button}</button></footer>
      </form>
    </dialog>
  );
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();
const optional = (form: FormData, name: string) => (text(form, name) ? { [name]: text(form, name) } : {});

function Texts({ of, reason = true }: { of?: Assessment | undefined; reason?: boolean }) {
  return (
    <>
      {reason && <label>{t('reason')}<input name="reason" required maxLength={2000} /></label>}
      <label>{t('document_no')}<input name="document_no" maxLength={100} required={!reason && !of?.document_no} defaultValue={reason ? '' : (of?.document_no ?? '')} /></label>
    </>
  );
}

function Measures({ chosen }: { chosen: ReadonlySet<string> }) {
  return (
    <fieldset class="measure_list"><legend>{t('figures')}</legend>
      {MEASURE_GROUPS.map(({ group, measures }) => (
        <details key={group} open={measures.some((m) => chosen.has(m))}><summary>{t(`group_${group}` as Word)}</summary>
          {measures.map((m) => <label key={m} class="check"><input type="checkbox" name="measures" value={m} defaultChecked={chosen.has(m)} /> {measureWord(m)}</label>)}
        </details>
      ))}
    </fieldset>
  );
}

/** Drafts an assessment of the area that is looked at; `of`: one that is to supersede a signed one. */
export function AssessmentForm({ of, onClose, onDone }: Props & { of?: Assessment }) {
  const year = Number(today.value.slice(0, 4)), last = `${year - 1}-01-01` < firstDay.value ? firstDay.value : `${year - 1}-01-01`;
  const levels = LEVELS.slice(LEVELS.indexOf(area.value!.cell.level as 'district'));
  const sent = (form: FormData, key: string) => post('/api/v1/assessments', { key, body: {
    within: String(of?.cell ?? area.peek()!.cell.id), levels: form.getAll('levels') as Assessment['levels'], from: text(form, 'from'), to: plusDays(text(form, 'until'), 1), measures: form.getAll('measures') as string[],
    title: text(form, 'title'), reason: text(form, 'reason'), ...optional(form, 'document_no'), ...(of && { supersedes: of.id }),
  } });
  return (
    <Dialog heading={of ? t('assessment_supersede') : t('assessment_begin')} button={t('assessment_draft_it')} sent={sent} onClose={onClose} onDone={onDone}>
      <label>{t('plan_title')}<input name="title" required maxLength={200} defaultValue={of?.title ?? t('assessment_title_proposed', { area: area.value!.cell.name, year: year - 1 })} /></label>
      <Texts of={of} />
      <div class="row">
        <label>{t('from')}<DayInput name="from" required day={of?.from ?? last} min={firstDay.value} max={today.value} /></label>
        <label>{t('last_day')}<DayInput name="until" required day={of ? plusDays(of.to, -1) : `${year - 1}-12-31`} min={firstDay.value} max={plusDays(today.value, -1)} /></label>
      </div>
      <fieldset class="levels"><legend>{t('level')}</legend><div class="row">{levels.map((l) => <label key={l} class="check"><input type="checkbox" name="levels" value={l} defaultChecked={of ? of.levels.includes(l) : l !== 'village' || levels.length === 1} /> {t(l)}</label>)}</div></fieldset>
      <Measures chosen={of ? new Set(of.measures) : USUAL} />
    </Dialog>
  );
}

export function SignForm({ of, onClose, onDone }: Props & { of: Assessment }) {
  const sent = (form: FormData, key: string) => post('/api/v1/assessments/{id}/sign', { path: { id: of.id }, match: of.version, key, body: { ...optional(form, 'document_no'), ...optional(form, 'comment') } });
  return (
    <Dialog heading={t('assessment_sign')} button={t('assessment_sign')} sent={sent} onClose={onClose} onDone={onDone}>
      <p class="note">{t(of.kind === 'withdrawal' ? 'assessment_sign_withdrawal_text' : 'assessment_sign_text')}</p>
      <Texts of={of} reason={false} />
      <label>{t('comment')}<input name="comment" maxLength={2000} /></label>
    </Dialog>
  );
}

export function WithdrawForm({ of, onClose, onDone }: Props & { of: Assessment }) {
  const sent = (form: FormData, key: string) => post('/api/v1/assessments/{id}/withdraw', { path: { id: of.id }, key, body: { reason: text(form, 'reason'), ...optional(form, 'document_no') } });
  return (
    <Dialog heading={t('assessment_withdraw')} button={t('assessment_draft_it')} sent={sent} onClose={onClose} onDone={onDone}>
      <p class="note">{t('assessment_withdraw_text')}</p>
      <Texts of={of} />
    </Dialog>
  );
}
