import { get, follow, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { columnsOf, type RecordItem } from '../parts/record_columns';
import { Table } from '../parts/table';
import { lastRecord, today } from '../state/asked';
import { mapChanged, peopleChanged, recordsChanged } from '../state/changes';
import { firstOf, windowOf } from '../state/days';
import { go } from '../state/route';
import { area, holds, me } from '../state/session';
import { accountWord, said, t, type Word } from '../words';
import { AssessmentCard } from './home_assessments';
import { Card } from './home_card';
import { PlanCards } from './home_plans';

const FIRST = 6, READ = 1000; // rows of each list that are shown, of those that are read to find the most overdue

interface Overdue { name: 'overdue_hazards' | 'overdue_enterprises' | 'patrol_overdue_enterprises'; title: Word; text: Word; list: 'hazards' | 'enterprises' }
const OVERDUE: readonly Overdue[] = [
  { name: 'overdue_hazards', title: 'todo_overdue_hazards', text: 'todo_overdue_hazards_text', list: 'hazards' },
  { name: 'overdue_enterprises', title: 'todo_overdue_inspections', text: 'todo_overdue_inspections_text', list: 'enterprises' },
  { name: 'patrol_overdue_enterprises', title: 'todo_overdue_patrols', text: 'todo_overdue_patrols_text', list: 'enterprises' },
];

/** The columns that tell enough to begin with; the whole is in the records. */
const SHORT: Record<Overdue['list'], readonly string[]> = { hazards: ['due_on', 'enterprise', 'cell', 'grade', 'category'], enterprises: ['due_on', 'id', 'parent', 'risk_grade'] };

function OverdueCard({ of, figure }: { of: Overdue; figure: Schemas['Figure'] }) {
  const first = useAnswer(figure.records, (signal) => follow<{ items: RecordItem[] }>(`${figure.records}&limit=${READ}`, signal), recordsChanged.value);
  const columns = columnsOf(of.list);
  return (
    <Card id={of.name} title={t(of.title)} text={t(of.text)} n={figure.numerator} more={figure.records ? () => go({ records: figure.records }) : undefined}>
      <Answered of={first}>{({ items }) => <Table rows={[...items].sort((a, b) => String(a['due_on']).localeCompare(String(b['due_on']))).slice(0, FIRST)} columns={SHORT[of.list].flatMap((key) => columns.find((c) => c.key === key) ?? []).map((c) => (c.key === 'due_on' && of.name === 'patrol_overdue_enterprises' ? { ...c, title: t('col_patrol_due_on') } : c))} id={(r) => r.id} label={t(of.title)} />}</Answered>
    </Card>
  );
}

function useOverdue() {
  const within = area.value!.cell, last = lastRecord.value;
  const window = windowOf('year', last, firstOf('year', last), today.value);
  return useAnswer(`todo ${within.id} ${last}`, (signal) =>
    get('/api/v1/figures', { query: { within: String(within.id), level: within.level as 'district', measures: OVERDUE.map((o) => o.name).join(','), mode: 'as_is', ...window }, signal }), recordsChanged.value);
}

/** Required posts that nobody holds, those of enterprises apart: there are thousands, and they are the enterprises' own. */
function useVacancies() {
  const within = area.value!.cell.id, at = lastRecord.value;
  return useAnswer(`vacant ${within} ${at}`, async (signal) => {
    const levels = await Promise.all((['district', 'town', 'village'] as const).map((level) => get('/api/v1/vacancies', { query: { within: String(within), level, at, limit: 1000 }, signal })));
    return levels.flatMap((l) => l.items);
  }, peopleChanged.value + mapChanged.value);
}

function VacantCard() {
  const vacant = useVacancies();
  return (
    <Card id="vacant" title={t('todo_vacant')} text={t('todo_vacant_text')} n={vacant.data?.length ?? null}>
      <Answered of={vacant}>
        {(rows) => (
          <Table rows={rows} id={(r) => r.id} label={t('todo_vacant')} columns={[
            { key: 'post', title: t('col_post'), cell: (r) => said(r.post_name), sort: (r) => r.post },
            { key: 'name', title: t('cells'), sort: (r) => r.cell.name, cell: (r) => <button type="button" class="link" onClick={() => go({ view: 'map', cell: r.cell.id, zoom_to: r.cell.id })}>{r.cell.name}</button> },
            { key: 'days', title: t('vacant_days'), numeric: true, sort: (r) => r.days, cell: (r) => numeral(r.days) },
            { key: 'acting', title: t('col_acting'), cell: (r) => (r.acting.length ? r.acting.map((a) => String((a as { person_name?: string }).person_name)).join(t('list_comma')) : <span class="vacant">{t('vacant')}</span>) },
          ]} />
        )}
      </Answered>
    </Card>
  );
}

/** 待办: what waits for somebody, before any map. */
export function HomeView() {
  const overdue = useOverdue();
  return (
    <div class="home" data-ready={overdue.data ? 'true' : undefined}>
      <header class="page_head">
        <h1>{t('greeting', { name: accountWord(me.value!.display_name), area: area.value!.cell.name })}</h1>
        <span class="soft">{t('data_until', { day: dayText(lastRecord.value) })}</span>
      </header>
      <div class="cards">
        <PlanCards />
        {holds('approver') && <AssessmentCard />}
        <VacantCard />
        <Answered of={overdue}>
          {(data) => OVERDUE.map((o) => { const f = data.rows[0]?.figures[o.name]; return f ? <OverdueCard key={o.name} of={o} figure={f} /> : null; })}
        </Answered>
      </div>
    </div>
  );
}
