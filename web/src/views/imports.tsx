import { useEffect, useState, type Dispatch, type StateUpdater } from 'preact/hooks';
import { addressOf, Refusal, send, type Schemas } from '../api/client';
import { numeral } from '../format';
import { FileButton } from '../parts/file_button';
import { Sentence, Trouble } from '../parts/notice';
import { Table } from '../parts/table';
import { today } from '../state/asked';
import { language } from '../state/preferences';
import { area, posts } from '../state/session';
import { guessed, isCell, KINDS, recipeOf, SUFFIXES, tableFileOf, zipped, type Kind, type Reading, type TableFile } from '../table_file';
import { t } from '../words';
import { half } from '../words/told';
import { Mapping, ReadingChoice } from './import_mapping';

type Look = Schemas['FileLook'];
type Report = Schemas['ImportReport'];

export interface Asked { kind: Kind; columns: Record<string, string>; reading: Reading; from: string; repair: boolean; credit: string }
const READING: Reading = { layer: '', header: 1, encoding: '', crs: '' };

async function posted<T>(address: string, files: Record<string, Uint8Array<ArrayBuffer>>): Promise<T> {
  return (await (await send(address, { method: 'POST', body: zipped(files), headers: { Accept: 'application/json', 'Content-Type': 'application/zip' } })).json()) as T;
}

const lookAt = (file: TableFile, { layer, header, encoding }: Reading): Promise<Look> => posted(addressOf('/api/v1/imports/look', {}, { layer, header, encoding }), { [file.name]: file.bytes });

function sent(file: TableFile, { kind, columns, reading, from, repair, credit }: Asked, dry: boolean): Promise<Report> {
  const named = Object.fromEntries(posts.peek().flatMap((p) => [[p.name_zh, p.code], [p.name_en, p.code]]));
  const { cell, district } = area.peek()!;
  const recipe = recipeOf(file.name, { kind, columns, reading, repair, credit, code: cell.level === 'district' ? cell.code : null, posts: named, district });
  return posted(addressOf('/api/v1/imports', {}, { ...(dry && { dry_run: true }), ...(isCell(kind) && { from }) }), { 'recipe.toml': new TextEncoder().encode(recipe), [file.name]: file.bytes });
}

function Told({ report }: { report: Report }) {
  return (
    <section class="report" aria-labelledby="report">
      <h2 id="report">{t(report.written ? 'import_written' : report.bad_total ? 'import_bad' : 'import_dry', { n: numeral(report.bad_total) })}</h2>
      {report.tables.map((x) => <p key={x.file}>{t('import_counts', { added: numeral(x.added), changed: numeral(x.changed), same: numeral(x.as_before) })}</p>)}
      {report.tables.flatMap((x) => x.suspects).slice(0, 20).map((s) => <p key={s} class="note"><Sentence text={half(s)} otherwise="" /></p>)}
      {report.bad.length > 0 && (
        <Table rows={report.bad} id={(b) => `${b.row} ${b.column} ${b.reason}`} label={t('import_bad_rows')} columns={[
          { key: 'row', title: t('import_row'), numeric: true, width: '64px', sort: (b) => b.row, cell: (b) => numeral(b.row) },
          { key: 'column', title: t('import_column'), width: '120px', sort: (b) => b.column, cell: (b) => b.column },
          { key: 'reason', title: t('reason'), cell: (b) => (language.value === 'zh' ? b.reason_zh : b.reason) },
        ]} />
      )}
    </section>
  );
}

/** What the server is at, and for how long: it answers once all is read, which takes minutes for a large table. */
function Working({ rows, dry }: { rows: number | null; dry: boolean }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const what = rows === null ? t('import_read_many') : t('import_read', { n: numeral(rows) });
  return <p class="waiting" role="status">{t(dry ? 'import_trying' : 'import_writing', { what })} <span aria-hidden="true">{t('import_seconds', { n: seconds })}</span></p>;
}

interface State { busy: 'look' | 'try' | 'write' | null; error: Refusal | null; file: TableFile | null; look: Look | null; report: Report | null }

/** The file with what the server sees in it, and what became of it. */
function useImport(asked: Asked, setAsked: Dispatch<StateUpdater<Asked>>) {
  const [state, setState] = useState<State>({ busy: null, error: null, file: null, look: null, report: null });
  const attempt = async (begun: State, act: () => Promise<Partial<State>>) => {
    setState({ ...begun, error: null, report: null });
    try { const done = await act(); setState({ ...begun, busy: null, error: null, report: null, ...done }); } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      const { file } = begun, error = file ? new Refusal(e.status, e.message.replaceAll(file.name, file.called), e.type, e.title, e.errors.map((x) => ({ ...x, detail: x.detail.replaceAll(file.name, file.called) }))) : e;
      setState({ ...begun, busy: null, error, report: null });
    }
  };
  const read = (file: TableFile, reading: Reading) => attempt({ ...state, busy: 'look', file, look: file === state.file ? state.look : null }, async () => {
    setAsked((a) => ({ ...a, reading }));
    const look = await lookAt(file, reading);
    setAsked((a) => ({ ...a, columns: guessed(a.kind, look.columns), reading: { ...reading, encoding: look.encoding ?? reading.encoding, crs: look.crs ?? reading.crs } }));
    return { look };
  });
  const take = async (chosen: File | null) => {
    const file = chosen && (await tableFileOf(chosen));
    if (file) return read(file, READING);
    setState({ busy: null, error: chosen && new Refusal(-1, t('import_unfit')), file: null, look: null, report: null });
  };
  const run = (dry: boolean) => attempt({ ...state, busy: dry ? 'try' : 'write' }, async () => ({ report: await sent(state.file!, asked, dry) }));
  const change = (next: Asked) => { setAsked(next); setState({ ...state, error: null, report: null }); }; // what was tried was another mapping
  return { ...state, read, take, run, change };
}

/** A table or map into the register, step by step: file, what its columns mean, a trial with what is wrong row by row, and writing. The recipe is made, not edited. */
export function ImportsView() {
  const [asked, setAsked] = useState<Asked>({ kind: 'enterprise', columns: {}, reading: READING, from: today.value, repair: false, credit: '' });
  const { busy, error, file, look, report, read, take, run, change } = useImport(asked, setAsked);
  const tried = report !== null && !report.written && report.bad_total === 0, known = look !== null && look.columns.length > 0;
  return (
    <div class="imports">
      <header class="page_head"><h1>{t('imports')}</h1><span class="soft">{t('imports_text', { area: area.value!.cell.name })}</span></header>
      <form onSubmit={(e) => { e.preventDefault(); if (file) void run(!tried); }}>
        <div class="row">
          <label>{t('import_kind')}<select name="kind" value={asked.kind} onChange={(e) => { const kind = e.currentTarget.value as Kind; change({ ...asked, kind, columns: look ? guessed(kind, look.columns) : {} }); }}>{KINDS.map((k) => <option key={k} value={k}>{t(`import_${k}`)}</option>)}</select></label>
          <FileButton accept={SUFFIXES.join()} onFile={(f) => void take(f)}>{t('import_file')}</FileButton>
          {look && known && <span class="soft">{look.rows === null ? t('import_read_many') : t('import_read', { n: numeral(look.rows) })}</span>}
        </div>
        {!file && <p class="note">{t('import_formats')}</p>}
        {busy === 'look' && <p class="waiting" role="status">{t('loading')}</p>}
        {file && <ReadingChoice look={look} asked={asked} onRead={(reading) => void read(file, reading)} onChange={change} />}
        {look && known && <Mapping look={look} asked={asked} onChange={change} />}
        {(busy === 'try' || busy === 'write') && <Working rows={look?.rows ?? null} dry={busy === 'try'} />}
        {error && <Trouble error={error} />}
        {report && <Told report={report} />}
        {known && !report?.written && <p class="buttons">
          <button class={tried ? '' : 'primary'} type="button" disabled={busy !== null} onClick={(e) => { if (e.currentTarget.form!.reportValidity()) void run(true); }}>{t('import_try')}</button>
          {tried && <button class="primary" disabled={busy !== null}>{t('import_write')}</button>}
        </p>}
      </form>
    </div>
  );
}
