import { useState } from 'preact/hooks';
import { figureText, intervalText, unitText } from '../format';
import { chosen, level, measure } from '../state/asked';
import { byKey, toDetail } from '../state/attention';
import { go } from '../state/route';
import type { Row, Rows } from '../state/rows';
import { maySelect, selected, toggle } from '../state/selection';
import { measureWord, reasonWord, t } from '../words';
import { Counted } from './figures';
import { SelectionBar } from './selection_bar';
import { Table, type Column } from './table';

const columns = (): Column<Row>[] => [
  { key: 'name', title: t('name'), sort: (r) => r.cell.code, cell: (r) => (
    <><button type="button" class="link" title={r.cell.code} onClick={(e) => { e.stopPropagation(); toDetail.value = byKey(e); go({ cell: r.id }); }}>{r.cell.name}</button>
      {!r.known ? <em class="soft"> {reasonWord('ended')}</em> : r.known.area_km2 === null ? <em class="soft"> {t('no_shape')}</em> : null}</>) },
  { key: 'value', title: t('value'), numeric: true, width: '84px', sort: (r) => r.figure.value, cell: (r) => <span class={r.figure.value === null ? 'soft' : ''} title={intervalText(r.figure)}>{figureText(measure.value, r.figure)}</span> },
  { key: 'numerator', title: t('numerator'), numeric: true, width: '76px', sort: (r) => r.figure.numerator, cell: (r) => <span onClick={(e) => e.stopPropagation()}><Counted n={r.figure.numerator} address={r.figure.records} /></span> },
];

/** Ticks, for who may put cells into a plan. */
const tick = (): Column<Row> => ({
  key: 'select', title: '', width: '30px',
  cell: (r) => <input type="checkbox" aria-label={t('select', { name: r.cell.name })} checked={selected.value.includes(r.id)} onClick={(e) => e.stopPropagation()} onChange={() => toggle(r.id)} />,
});

const fits = (r: Row, text: string): boolean => text === '' || r.cell.name.includes(text) || r.cell.code.startsWith(text);

/** What lies in a town but in none of its villages, or in nothing at all: it counts, and so it is listed. */
function Others({ rows }: { rows: Rows }) {
  const others = [...rows.direct.map((d) => ({ key: `d${d.cell.id}`, name: `${d.cell.name} · ${t('direct')}`, figure: d.figure })), ...(rows.unplaced && rows.unplaced.numerator > 0 ? [{ key: 'u', name: t('unplaced'), figure: rows.unplaced }] : [])]
    .filter((o) => o.figure.numerator > 0);
  if (others.length === 0) return null;
  return (
    <table class="others"><tbody>
      {others.map((o) => <tr key={o.key}><td>{o.name}</td><td class="numeric soft">{figureText(measure.value, o.figure)}</td><td class="numeric"><Counted n={o.figure.numerator} address={o.figure.records} /></td></tr>)}
    </tbody></table>
  );
}

/** The cells of the level with the figure; `only`: those alone. */
export function CellTable({ rows, only }: { rows: Rows; only?: (r: Row) => boolean }) {
  const [text, setText] = useState('');
  const all = only ? rows.rows.filter(only) : rows.rows;
  const shown = all.filter((r) => fits(r, text.trim()));
  const unit = rows.rows.find((r) => r.figure.unit)?.figure.unit ?? '';
  return (
    <div class="cell_table">
      <div class="bar">
        <input type="search" placeholder={t('filter')} aria-label={t('filter')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
        <small class="soft">{text ? t('rows_filtered', { n: shown.length, all: all.length }) : t('rows_of', { n: all.length })}</small>
      </div>
      <p class="caption"><strong>{measureWord(measure.value)}</strong> <small class="soft">{unitText(measure.value, unit)}</small></p>
      <Table rows={shown} columns={maySelect.value && level.value !== 'district' ? [tick(), ...columns()] : columns()} id={(r) => r.id} label={t('table')} sorted={{ by: 'value', down: true }} chosen={chosen.value} onChoose={(r) => go({ cell: r.id })} />
      <Others rows={rows} />
      <SelectionBar />
    </div>
  );
}
