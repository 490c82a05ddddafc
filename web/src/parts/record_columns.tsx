import { dayText, gradeText, numeral } from '../format';
import { nameOf } from '../state/names';
import { go } from '../state/route';
import { contractWord, industryWord, postWord, reasonWord, t } from '../words';
import type { Column } from './table';

/** An item of any list behind a figure. */
export interface RecordItem {
  id: string | number;
  [field: string]: unknown;
}

const text = (r: RecordItem, field: string): string | null => (typeof r[field] === 'string' ? (r[field] as string) : null);
const number = (r: RecordItem, field: string): number | null => (typeof r[field] === 'number' ? (r[field] as number) : null);

const day = (field: string, title: string): Column<RecordItem> => ({ key: field, title, cell: (r) => dayText(text(r, field)), sort: (r) => text(r, field) });
const word = (field: string, title: string): Column<RecordItem> => ({ key: field, title, cell: (r) => contractWord(text(r, field)), sort: (r) => text(r, field) });
const plain = (field: string, title: string): Column<RecordItem> => ({ key: field, title, cell: (r) => text(r, field) ?? '—', sort: (r) => text(r, field) });
const count = (field: string, title: string): Column<RecordItem> => ({ key: field, title, numeric: true, cell: (r) => { const n = number(r, field); return n === null ? '—' : numeral(n); }, sort: (r) => number(r, field) });

function place(field: string, title: string): Column<RecordItem> {
  return {
    key: field, title,
    cell: (r) => {
      const cell = number(r, field);
      return cell === null ? '—' : <button type="button" class="link" onClick={() => go({ view: 'map', cell, zoom_to: cell, records: null })}>{field === 'id' ? (text(r, 'name') ?? `#${cell}`) : nameOf(cell)}</button>;
    },
  };
}

export function riskMark(grade: number | null) {
  return <span class="risk"><i data-grade={grade ?? 0} aria-hidden="true" />{gradeText(grade)}</span>;
}

const visits = (): Column<RecordItem>[] => [
  day('day', t('col_day')), place('enterprise', t('col_enterprise')), place('cell', t('village')), word('result', t('col_result')), plain('outcome', t('col_outcome')), plain('officer', t('col_officer')), plain('department', t('col_department')),
];

function faults(r: RecordItem): string {
  return Array.isArray(r['faults']) ? (r['faults'] as string[]).map(reasonWord).join(t('list_comma')) : '';
}

export function columnsOf(list: string): Column<RecordItem>[] {
  switch (list) {
    case 'hazards':
      return [day('day', t('col_day')), place('enterprise', t('col_enterprise')), place('cell', t('village')), word('grade', t('col_grade')), plain('category', t('col_category')), word('source', t('col_source')), word('state', t('col_state')),
        day('due_on', t('col_due')), day('closed_on', t('col_closed'))];
    case 'inspections': case 'patrols': return visits();
    case 'accidents':
      return [day('day', t('col_day')), place('enterprise', t('col_enterprise')), place('cell', t('village')), word('grade', t('col_grade')), plain('category', t('col_category')), count('deaths', t('col_deaths')), count('serious_injuries', t('col_injuries'))];
    case 'enterprises':
      return [place('id', t('name')), plain('code', t('code')), place('parent', t('village')), { key: 'industry', title: t('col_industry'), cell: (r) => industryWord(text(r, 'industry')), sort: (r) => text(r, 'industry') }, count('headcount', t('col_headcount')),
        { key: 'risk_grade', title: t('col_risk'), cell: (r) => riskMark(number(r, 'risk_grade')), sort: (r) => number(r, 'risk_grade') }, plain('principal', t('col_principal')),
        day('due_on', t('col_due_on')), { key: 'faults', title: t('col_faults'), cell: faults }, count('counts', t('col_counts'))];
    case 'assignments':
      return [plain('person_name', t('col_person')), { key: 'post', title: t('col_post'), cell: (r) => postWord(text(r, 'post') ?? ''), sort: (r) => text(r, 'post') }, place('cell', t('cells')), day('from', t('col_from')), day('to', t('col_to'))];
    default: return [plain('id', t('code'))];
  }
}
