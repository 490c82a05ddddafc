import { get, type Schemas } from '../api/client';
import { dayText } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { Table } from '../parts/table';
import { plansChanged } from '../state/changes';
import { go, param } from '../state/route';
import { area, holds } from '../state/session';
import { accountWord, t, type Word } from '../words';
import { Findings } from './findings';
import { PlanPage } from './plan';

type Plan = Schemas['Reassignment'];
export const statusWord = (status: Plan['status']): string => t(`plan_${status}` as Word);

/** 调整方案: all plans of the district that touch one's area, and the one that is open. */
export function PlansView() {
  const id = param('plan'), district = area.value!.district.id;
  const plans = useAnswer(`plans ${district} ${id}`, (signal) => get('/api/v1/reassignments', { query: { district, limit: 200 }, signal }), plansChanged.value);
  return (
    <div class="plans" data-ready={plans.data ? 'true' : undefined}>
      <header class="page_head"><h1>{t('plans')}</h1><span class="grow" />
        {holds('coordinator') && <button type="button" class="primary" onClick={() => go({ view: 'map', plan: null })}>{t('plan_begin')}</button>}
      </header>
      <div class="columns">
        <div>
        <section aria-labelledby="plan_list">
          <h2 id="plan_list">{t('plan_list')}</h2>
          <Answered of={plans}>
            {({ items }) => items.length === 0 ? <p class="empty">{t('plan_none')}</p> : (
              <Table rows={items} id={(p) => p.id} label={t('plan_list')} chosen={id} onChoose={(p) => go({ plan: p.id })} columns={[
                { key: 'title', title: t('plan_title'), sort: (p) => p.title, cell: (p) => <button type="button" class="link" onClick={(e) => { e.stopPropagation(); go({ plan: p.id }); }}>{p.title}</button> },
                { key: 'status', title: t('col_state'), sort: (p) => p.status, cell: (p) => <span class={`status ${p.status}`}>{statusWord(p.status)}</span> },
                { key: 'effective_on', title: t('plan_day'), sort: (p) => p.effective_on, cell: (p) => dayText(p.effective_on) },
                { key: 'author', title: t('plan_author'), sort: (p) => accountWord(p.author), cell: (p) => accountWord(p.author) },
              ]} />
            )}
          </Answered>
        </section>
        <Findings />
        </div>
        {id ? <PlanPage key={id} id={id} /> : <section><p class="empty">{t('plan_choose')}</p></section>}
      </div>
    </div>
  );
}
