import { get } from '../api/client';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { Table } from '../parts/table';
import { assessmentsChanged } from '../state/changes';
import { go } from '../state/route';
import { area, maySign } from '../state/session';
import { t } from '../words';
import { periodText } from './assessment_words';
import { Card } from './home_card';

/** Assessments that wait for the signature of whoever looks: an approver who has not drafted them. */
export function AssessmentCard() {
  const district = area.value!.district.id;
  const drafts = useAnswer(`unsigned ${district}`, (signal) => get('/api/v1/assessments', { query: { district, status: 'draft', limit: 1000 }, signal }), assessmentsChanged.value);
  const mine = drafts.data?.items.filter(maySign) ?? [];
  return (
    <Card id="assessments_waiting" title={t('todo_sign')} text={t('todo_sign_text')} n={drafts.data ? mine.length : null} more={() => go({ view: 'assessments' })}>
      <Answered of={drafts}>
        {() => (
          <Table rows={mine} id={(a) => a.id} label={t('todo_sign')} columns={[
            { key: 'title', title: t('plan_title'), sort: (a) => a.title, cell: (a) => <button type="button" class="link" onClick={() => go({ view: 'assessments', assessment: a.id })}>{a.title}</button> },
            { key: 'cell', title: t('area'), sort: (a) => a.cell_name, cell: (a) => a.cell_name },
            { key: 'period', title: t('assessment_period'), sort: (a) => a.from, cell: periodText },
          ]} />
        )}
      </Answered>
    </Card>
  );
}
