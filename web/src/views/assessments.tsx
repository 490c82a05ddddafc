import { useState } from 'preact/hooks';
import { get } from '../api/client';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { Table } from '../parts/table';
import { assessmentsChanged } from '../state/changes';
import { go, param } from '../state/route';
import { area, holds } from '../state/session';
import { t } from '../words';
import { AssessmentPage } from './assessment';
import { AssessmentForm } from './assessment_form';
import { assessmentWord, periodText } from './assessment_words';

/** 考核: the assessments of the district that lie in one's area, and the one that is open. */
export function AssessmentsView() {
  const id = param('assessment'), district = area.value!.district.id;
  const [drafting, setDrafting] = useState(false);
  const list = useAnswer(`assessments ${district} ${id}`, (signal) => get('/api/v1/assessments', { query: { district, limit: 200 }, signal }), assessmentsChanged.value);
  const close = () => setDrafting(false);
  return (
    <div class="assessments" data-ready={list.data ? 'true' : undefined}>
      <header class="page_head"><h1>{t('assessments')}</h1><span class="soft">{t('assessments_text')}</span><span class="grow" />
        {holds('coordinator') && <button type="button" class="primary" onClick={() => setDrafting(true)}>{t('assessment_begin')}</button>}
      </header>
      <div class="columns">
        <section aria-labelledby="assessment_list">
          <h2 id="assessment_list">{t('assessment_list')}</h2>
          <Answered of={list}>
            {({ items }) => items.length === 0 ? <p class="empty">{t('assessment_none')}</p> : (
              <Table rows={items} id={(a) => a.id} label={t('assessment_list')} chosen={id} onChoose={(a) => go({ assessment: a.id })} columns={[
                { key: 'title', title: t('plan_title'), sort: (a) => a.title, cell: (a) => <button type="button" class="link" onClick={(e) => { e.stopPropagation(); go({ assessment: a.id }); }}>{a.title}</button> },
                { key: 'status', title: t('col_state'), sort: (a) => a.status, cell: (a) => <span class={`status ${a.status}`}>{assessmentWord(a)}</span> },
                { key: 'cell', title: t('area'), sort: (a) => a.cell_name, cell: (a) => a.cell_name },
                { key: 'period', title: t('assessment_period'), sort: (a) => a.from, cell: periodText },
              ]} />
            )}
          </Answered>
        </section>
        {id ? <AssessmentPage key={id} id={id} /> : <section><p class="empty">{t('assessment_choose')}</p></section>}
      </div>
      {drafting && <AssessmentForm onClose={close} onDone={(next) => { close(); assessmentsChanged.value += 1; go({ assessment: next }); }} />}
    </div>
  );
}
