import type { Schemas } from '../api/client';
import { DayInput } from '../parts/day_input';
import { fieldsOf, fixed, fixedOf, isCell, isDrawn, type Reading } from '../table_file';
import { contractWord, t, type Word } from '../words';
import type { Asked } from './imports';

type Look = Schemas['FileLook'];
const SYSTEMS = ['EPSG:4490', 'EPSG:4326', 'GCJ-02', 'BD-09'] as const;
const ENCODINGS = ['UTF-8', 'GBK', 'BIG5'] as const;

/** How the file is read, where it does not say itself or says it wrongly; each change has it looked at anew. */
export function ReadingChoice({ look, asked, onRead, onChange }: { look: Look | null; asked: Asked; onRead: (r: Reading) => void; onChange: (a: Asked) => void }) {
  const { reading } = asked, placed = look?.geometry || asked.columns['lon'];
  return (
    <div class="row">
      {look && (look.layers.length > 0 || reading.layer) && (
        <label>{t('import_layer')}<select name="layer" value={reading.layer} onChange={(e) => onRead({ ...reading, layer: e.currentTarget.value })}><option value="" />{(look.layers.length ? look.layers : [reading.layer]).map((l) => <option key={l} value={l}>{l}</option>)}</select></label>
      )}
      <label>{t('import_header')}<input type="number" name="header" min={1} max={20} value={reading.header} onChange={(e) => onRead({ ...reading, header: Math.max(1, e.currentTarget.valueAsNumber || 1) })} /></label>
      <label>{t('import_encoding')}<select name="encoding" value={reading.encoding} onChange={(e) => onRead({ ...reading, encoding: e.currentTarget.value })}><option value="">{t('import_own')}</option>{ENCODINGS.map((x) => <option key={x} value={x}>{x}</option>)}</select></label>
      {placed && (
        <label>{t('import_crs')}<select name="crs" value={reading.crs || (look?.geometry ? '' : SYSTEMS[0])} onChange={(e) => onChange({ ...asked, reading: { ...reading, crs: e.currentTarget.value } })}>{look?.geometry && !look.crs && <option value="">{t('import_own')}</option>}{SYSTEMS.map((s) => <option key={s} value={s}>{s}</option>)}</select></label>
      )}
      {look?.crs && <span class="note">{t('import_crs_assumed')}</span>}
      {isDrawn(asked.kind) && <label>{t('import_credit')}<input name="credit" maxLength={200} value={asked.credit} onChange={(e) => onChange({ ...asked, credit: e.currentTarget.value })} /></label>}
      {(isCell(asked.kind) || isDrawn(asked.kind)) && (
        <>
          {isCell(asked.kind) && <label>{t('import_from')}<DayInput name="from" required day={asked.from} onDay={(from) => onChange({ ...asked, from })} /></label>}
          <label class="check"><input type="checkbox" name="repair" checked={asked.repair} onChange={(e) => onChange({ ...asked, repair: e.currentTarget.checked })} />{t('import_repair')}</label>
        </>
      )}
      {isDrawn(asked.kind) && <p class="note">{t('import_replaces')}</p>}
    </div>
  );
}

/** What each field is: a column of the file, with samples, or the same for all rows. */
export function Mapping({ look, asked, onChange }: { look: Look; asked: Asked; onChange: (a: Asked) => void }) {
  const set = (field: string, head: string) => onChange({ ...asked, columns: { ...asked.columns, [field]: head } });
  const samples = (head: string) => { const at = look.columns.indexOf(head); return at >= 0 && look.samples.slice(0, 3).map((r) => r[at]).filter(Boolean).join(t('list_comma')); };
  return (
    <table class="operations">
      <thead><tr><th scope="col">{t('import_field')}</th><th scope="col">{t('import_column')}</th><th scope="col">{t('import_sample')}</th></tr></thead>
      <tbody>
        {fieldsOf(asked.kind).map(({ name, required }) => {
          const head = asked.columns[name] ?? '', word = t((name === 'parent' && isCell(asked.kind) ? `field_parent_${asked.kind}` : `field_${name}`) as Word);
          return (
            <tr key={name}><th scope="row">{word}{required && <span class="vacant"> *</span>}</th>
              <td>
                <select name={name} aria-label={word} required={required} value={head} onChange={(e) => set(name, e.currentTarget.value)}>
                  <option value="">—</option>
                  {look.columns.filter(Boolean).map((h) => <option key={h} value={h}>{h}</option>)}
                  {fixedOf(asked.kind, name) && <optgroup label={t('import_fixed')}>{fixedOf(asked.kind, name)!.map((v) => <option key={v} value={fixed(v)}>{name === 'class' ? t(`class_${v}` as Word) : contractWord(v)}</option>)}</optgroup>}
                </select>
              </td>
              <td class="soft">{samples(head)}</td></tr>
          );
        })}
      </tbody>
    </table>
  );
}
