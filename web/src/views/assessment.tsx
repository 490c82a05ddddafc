import { useState } from 'preact/hooks';
import { addressOf, get, Refusal, remove, type Schemas } from '../api/client';
import { dayText, figureText, numeral, partsText, unitText } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered, Trouble } from '../parts/notice';
import { Table, type Column } from '../parts/table';
import { assessmentsChanged, recordsChanged } from '../state/changes';
import { go } from '../state/route';
import { language } from '../state/preferences';
import { holds, maySign } from '../state/session';
import { accountWord, measureWord, t } from '../words';
import { AssessmentForm, SignForm, WithdrawForm } from './assessment_form';
import { assessmentWord, periodText } from './assessment_words';

type Assessment = Schemas['Assessment'];
type Row = Schemas['AssessmentRow'];
type Figure = Schemas['Figure'];

const cellOf = (row: Row) => row.cell as unknown as { id?: number; name?: string };
const nameOfRow = (row: Row): string => (row.part === 'unplaced' ? t('unplaced') : `${cellOf(row).name}${row.part === 'direct' ? ` · ${t('direct')}` : ''}`);
/** When something happened, by the clock of whoever looks. */
const momentText = (at: string | null): string => (at ? new Date(at).toLocaleString('sv-SE').slice(0, 16) : '—');

/** A value that opens the records it counts; `parts`: with what it is made of. */
function Value({ name, f, label, parts }: { name: string; f: Figure; label: string; parts: boolean }) {
  const shown = figureText(name, f) + (parts ? partsText(f) : '');
  return f.records ? <a class="count" href={f.records} aria-label={`${label} ${shown}`} onClick={(e) => { e.preventDefault(); go({ records: f.records }); }}>{shown}</a> : <>{shown}</>;
}

/** A figure as it was signed; where another is known now that stands beside it, told by a sign and in words. */
function Assessed({ of, name }: { of: Schemas['AssessmentFigure'] | undefined; name: string }) {
  if (!of) return <span class="soft">—</span>;
  const alike = of.differs && of.signed !== undefined && of.restated !== undefined && figureText(name, of.signed) === figureText(name, of.restated); // as far as digits are shown
  const then = of.signed ? <Value name={name} f={of.signed} label={t('assessment_value')} parts={alike} /> : null;
  const now = of.restated ? <Value name={name} f={of.restated} label={t('restated')} parts={alike} /> : null;
  if (!of.differs) return then ?? now ?? <>—</>;
  return <span class="differs nowrap" title={t('restated_text')}>{then ?? '—'} <span aria-hidden="true">≠</span> <small>{t('restated')}</small> <strong>{now ?? '—'}</strong></span>;
}

const LEVELS = ['district', 'town', 'village'] as const;

function Figures({ of }: { of: Assessment }) {
  const [level, setLevel] = useState(of.levels[0]!);
  const [only, setOnly] = useState(false);
  const key = `assessed ${of.id} ${of.version} ${level} ${only}`;
  const answer = useAnswer(key, (signal) => get('/api/v1/assessments/{id}/figures', { path: { id: of.id }, query: { level, ...(only && { differing: true }) }, signal }), recordsChanged.value);
  const sheet = (format: 'csv' | 'xlsx') => addressOf('/api/v1/assessments/{id}/figures', { id: of.id }, { format, ...(language.value === 'zh' && { lang: 'zh' }), ...(only && { differing: true }) });
  const column = (m: string, rows: readonly Row[]): Column<Row> => {
    const f = (row: Row) => row.figures.find((x) => x.measure === m);
    const unit = rows.map(f).map((x) => (x?.signed ?? x?.restated)?.unit).find((u) => u !== undefined);
    return { key: m, title: measureWord(m) + (unit && unitText(m, unit) ? ` (${unitText(m, unit)})` : ''), numeric: true, sort: (row) => (f(row)?.signed ?? f(row)?.restated)?.value ?? null, cell: (row) => <Assessed of={f(row)} name={m} /> };
  };
  return (
    <section aria-labelledby="assessed" data-figures={answer.busy ? undefined : level}>
      <h3 id="assessed" class="hidden">{t('figures')}</h3>
      <p class="buttons">
        <label class="field"><span>{t('level')}</span><select value={level} onChange={(e) => setLevel(e.currentTarget.value as typeof level)}>{LEVELS.filter((l) => of.levels.includes(l)).map((l) => <option key={l} value={l}>{t(l)}</option>)}</select></label>
        {of.signed_at && <label class="check"><input type="checkbox" checked={only} onChange={(e) => setOnly(e.currentTarget.checked)} /> {t('only_differing')}</label>}
        <span class="grow" />
        <a class="button" href={sheet('csv')} download>{t('download_csv')}</a> <a class="button" href={sheet('xlsx')} download>{t('download_xlsx')}</a> <a class="button" href={addressOf('/api/v1/assessments/{id}/paper', { id: of.id }, { level, format: 'pdf' })} download>{t('assessment_paper')}</a>
      </p>
      <Answered of={answer}>
        {(data) => (
          <>
            {of.signed_at && <p class={data.differing ? 'told' : 'soft'} role="status">{data.restated_reason ?? t(data.differing ? 'differing' : 'differing_none', { n: numeral(data.differing), all: numeral(data.figures) })}</p>}
            {data.rows.length > 0 && (
              <Table rows={data.rows} id={(r) => `${r.part} ${cellOf(r).id ?? 0}`} label={t('assessments')} columns={[
                { key: 'name', title: t('name'), sort: nameOfRow, cell: (r) => (cellOf(r).id ? <button type="button" class="link" onClick={() => go({ view: 'map', cell: cellOf(r).id!, zoom_to: cellOf(r).id! })}>{nameOfRow(r)}</button> : nameOfRow(r)) },
                ...of.measures.map((m) => column(m, data.rows)),
              ]} />
            )}
          </>
        )}
      </Answered>
    </section>
  );
}

type Doing = 'sign' | 'withdraw' | 'supersede' | null;

function Steps({ of, onTaken }: { of: Assessment; onTaken: (id: string) => void }) {
  const [doing, setDoing] = useState<Doing>(null);
  const [error, setError] = useState<Refusal | null>(null);
  const discard = async () => {
    try { onTaken((await remove('/api/v1/assessments/{id}', { path: { id: of.id }, match: of.version, key: crypto.randomUUID() })).id); } catch (e) { if (!(e instanceof Refusal)) throw e; setError(e); }
  };
  const close = () => setDoing(null), done = (id: string) => { close(); onTaken(id); };
  const draft = of.status === 'draft', ends = of.status === 'signed' && of.kind === 'figures' && holds('coordinator');
  return (
    <>
      {error && <Trouble error={error} />}
      <p class="buttons">
        {draft && maySign(of) && <button type="button" class="primary" onClick={() => setDoing('sign')}>{t('assessment_sign')}</button>}
        {draft && holds('coordinator') && <button type="button" onClick={() => void discard()}>{t('assessment_discard')}</button>}
        {ends && <><button type="button" onClick={() => setDoing('supersede')}>{t('assessment_supersede')}</button> <button type="button" onClick={() => setDoing('withdraw')}>{t('assessment_withdraw')}</button></>}
      </p>
      {draft && <p class="note">{t('assessment_waits')}</p>}
      {doing === 'sign' && <SignForm of={of} onClose={close} onDone={done} />}
      {doing === 'withdraw' && <WithdrawForm of={of} onClose={close} onDone={done} />}
      {doing === 'supersede' && <AssessmentForm of={of} onClose={close} onDone={done} />}
    </>
  );
}

function Facts({ of }: { of: Assessment }) {
  const other = (id: string) => <button type="button" class="link" onClick={() => go({ assessment: id })}>{t('assessment_other')}</button>;
  return (
    <dl class="facts">
      <dt>{t('assessment_period')}</dt><dd>{of.cell_name} · {periodText(of)} · {t(of.mode)}{of.as_of && ` ${dayText(of.as_of)}`}</dd>
      <dt>{t('document_no')}</dt><dd>{of.document_no ?? '—'}</dd>
      <dt>{t('reason')}</dt><dd>{of.reason}</dd>
      <dt>{t('plan_author')}</dt><dd>{accountWord(of.author)} · {momentText(of.created_at)}</dd>
      {of.signed_at && <><dt>{t('assessment_signer')}</dt><dd>{accountWord(of.signed_by ?? '')} · {momentText(of.signed_at)}{of.comment && ` · ${of.comment}`}</dd><dt>{t('known_at')}</dt><dd>{momentText(of.known_at)}</dd></>}
      {of.replaces && <><dt>{t(of.kind === 'withdrawal' ? 'assessment_withdraws' : 'assessment_supersedes')}</dt><dd>{other(of.replaces)}</dd></>}
      {of.replaced_by && <><dt>{t('assessment_ended_by')}</dt><dd>{other(of.replaced_by)}</dd></>}
    </dl>
  );
}

/** One assessment: what was signed, and beside it what is known now. */
export function AssessmentPage({ id }: { id: string }) {
  const one = useAnswer(`assessment ${id}`, (signal) => get('/api/v1/assessments/{id}', { path: { id }, signal }), assessmentsChanged.value);
  const taken = (next: string) => { assessmentsChanged.value += 1; go({ assessment: next }); };
  return (
    <section aria-labelledby="assessment_title" data-assessment={one.data?.status}>
      <Answered of={one}>
        {(a) => (
          <>
            <header class="plan_head"><h2 id="assessment_title">{a.title}</h2> <span class={`status ${a.status}`}>{assessmentWord(a)}</span></header>
            <Facts of={a} />
            <Steps key={a.version} of={a} onTaken={taken} />
            {a.kind === 'figures' && a.status !== 'discarded' && <Figures key={a.version} of={a} />}
          </>
        )}
      </Answered>
    </section>
  );
}
