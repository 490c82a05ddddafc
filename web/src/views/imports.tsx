import { useState } from 'preact/hooks';
import { Refusal, send, type Schemas } from '../api/client';
import { numeral } from '../format';
import { Trouble } from '../parts/notice';
import { Table } from '../parts/table';
import { language } from '../state/preferences';
import { area } from '../state/session';
import { fieldsOf, guessed, KINDS, recipeOf, tableOf, zipped, type Kind, type TableFile } from '../table_file';
import { t, type Word } from '../words';

type Report = Schemas['ImportReport'];
const SYSTEMS = ['EPSG:4490', 'EPSG:4326', 'GCJ-02', 'BD-09'] as const;
const LARGEST = 60_000_000; // bytes; the server takes 64 MB with the recipe

interface Asked { kind: Kind; columns: Record<string, string>; crs: string }

async function sent(file: TableFile, asked: Asked, dry: boolean): Promise<Report> {
  const recipe = new TextEncoder().encode(recipeOf(file, { ...asked, district: area.peek()!.district }));
  const body = zipped({ 'recipe.toml': recipe, 'table.csv': file.bytes });
  return (await (await send(`/api/v1/imports${dry ? '?dry_run=true' : ''}`, { method: 'POST', body, headers: { Accept: 'application/json', 'Content-Type': 'application/zip' } })).json()) as Report;
}

function Mapping({ file, asked, onChange }: { file: TableFile; asked: Asked; onChange: (a: Asked) => void }) {
  const set = (field: string, head: string) => onChange({ ...asked, columns: { ...asked.columns, [field]: head } });
  return (
    <>
      <table class="operations">
        <thead><tr><th scope="col">{t('import_field')}</th><th scope="col">{t('import_column')}</th><th scope="col">{t('import_sample')}</th></tr></thead>
        <tbody>
          {fieldsOf(asked.kind).map(({ name, required }) => {
            const head = asked.columns[name] ?? '', at = file.heads.indexOf(head), word = t(`field_${name}` as Word);
            return (
              <tr key={name}><th scope="row">{word}{required && <span class="vacant"> *</span>}</th>
                <td><select name={name} aria-label={word} required={required} value={head} onChange={(e) => set(name, e.currentTarget.value)}><option value="">—</option>{file.heads.filter(Boolean).map((h) => <option key={h} value={h}>{h}</option>)}</select></td>
                <td class="soft">{at >= 0 && file.samples.slice(0, 3).map((r) => r[at]).filter(Boolean).join(t('list_comma'))}</td></tr>
            );
          })}
        </tbody>
      </table>
      {asked.columns['lon'] && <label class="field"><span>{t('import_crs')}</span><select value={asked.crs} onChange={(e) => onChange({ ...asked, crs: e.currentTarget.value })}>{SYSTEMS.map((s) => <option key={s} value={s}>{s}</option>)}</select></label>}
    </>
  );
}

function Told({ report }: { report: Report }) {
  return (
    <section class="report" aria-labelledby="report">
      <h2 id="report">{t(report.written ? 'import_written' : report.bad_total ? 'import_bad' : 'import_dry', { n: numeral(report.bad_total) })}</h2>
      {report.tables.map((x) => <p key={x.file}>{t('import_counts', { added: numeral(x.added), changed: numeral(x.changed), same: numeral(x.as_before) })}</p>)}
      {report.tables.flatMap((x) => x.suspects).slice(0, 20).map((s) => <p key={s} class="note">{s}</p>)}
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

function useImport() {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null; report: Report | null }>({ busy: false, error: null, report: null });
  const run = async (file: TableFile, asked: Asked, dry: boolean) => {
    setState({ busy: true, error: null, report: null });
    try { setState({ busy: false, error: null, report: await sent(file, asked, dry) }); } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setState({ busy: false, error: e, report: null });
    }
  };
  return { ...state, run, fail: (error: Refusal | null) => setState({ busy: false, error, report: null }) };
}

/** A table into the register, step by step: file, what its columns mean, a trial with what is wrong row by row, and writing. The recipe is made, not edited. */
export function ImportsView() {
  const [file, setFile] = useState<TableFile | null>(null);
  const [asked, setAsked] = useState<Asked>({ kind: 'enterprise', columns: {}, crs: 'EPSG:4490' });
  const { busy, error, report, run, fail } = useImport();
  const change = (next: Asked) => { setAsked(next); fail(null); }; // what was tried was another mapping
  const take = async (chosen: File | undefined) => {
    if (!chosen) return;
    if (!/\.(csv|txt|tsv)$/i.test(chosen.name) || chosen.size > LARGEST) { setFile(null); fail(new Refusal(-1, t('import_only_csv'))); return; }
    const table = tableOf(chosen.name, new Uint8Array(await chosen.arrayBuffer()));
    setFile(table);
    change({ ...asked, columns: guessed(asked.kind, table.heads) });
  };
  const tried = report !== null && !report.written && report.bad_total === 0;
  return (
    <div class="imports">
      <header class="page_head"><h1>{t('imports')}</h1><span class="soft">{t('imports_text', { area: area.value!.cell.name })}</span></header>
      <form onSubmit={(e) => { e.preventDefault(); if (file) void run(file, asked, !tried); }}>
        <div class="row">
          <label>{t('import_kind')}<select name="kind" value={asked.kind} onChange={(e) => { const kind = e.currentTarget.value as Kind; change({ ...asked, kind, columns: file ? guessed(kind, file.heads) : {} }); }}>{KINDS.map((k) => <option key={k} value={k}>{t(`import_${k}`)}</option>)}</select></label>
          <label>{t('import_file')}<input type="file" accept=".csv,.txt,.tsv" onChange={(e) => void take(e.currentTarget.files?.[0])} /></label>
          {file && <span class="soft">{t('import_read', { n: numeral(file.rows), encoding: file.encoding })}</span>}
        </div>
        {file && <Mapping file={file} asked={asked} onChange={change} />}
        {error && <Trouble error={error} />}
        {report && <Told report={report} />}
        {file && !report?.written && <p class="buttons">
          <button class={tried ? '' : 'primary'} type="button" disabled={busy} onClick={(e) => { if (e.currentTarget.form!.reportValidity()) void run(file, asked, true); }}>{busy ? t('sending') : t('import_try')}</button>
          {tried && <button class="primary" disabled={busy}>{t('import_write')}</button>}
        </p>}
      </form>
    </div>
  );
}
