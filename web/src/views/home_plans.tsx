import { get, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { Table } from '../parts/table';
import { plansChanged } from '../state/changes';
import { go } from '../state/route';
import { area } from '../state/session';
import { t } from '../words';
import { Card } from './home_card';

type Plan = Schemas['Reassignment'];
const KINDS = ['approve', 'unsigned', 'acknowledge', 'blocked'] as const;
type Kind = (typeof KINDS)[number];

/** What a plan waits for, if for anything. */
export function waitsFor(plan: Plan): Kind | null {
  if (plan.status === 'blocked') return 'blocked';
  const unsigned = plan.status === 'applied' ? plan.receipts.filter((r) => r.acknowledged_at === null) : [];
  if (unsigned.length) return unsigned.some((r) => r.escalated_at) ? 'unsigned' : 'acknowledge';
  return plan.status === 'draft' && plan.needs_approval && plan.operations.some((o) => o.state === 'active') ? 'approve' : null;
}

/** Plans that wait to be approved, acknowledged or mended. */
export function PlanCards() {
  const district = area.value!.district.id;
  const plans = useAnswer(`waiting ${district}`, (signal) => get('/api/v1/reassignments', { query: { district, limit: 1000 }, signal }), plansChanged.value);
  const waiting = plans.data?.items.flatMap((p) => { const kind = waitsFor(p); return kind ? [{ ...p, kind }] : []; }) ?? [];
  return (
    <Card id="plans_waiting" title={t('reassignment')} n={plans.data ? waiting.length : null}
      text={KINDS.map((k) => `${t(`todo_${k}`)} ${plans.data ? numeral(waiting.filter((w) => w.kind === k).length) : '…'}`).join(' · ')} more={waiting.length ? () => go({ view: 'plans' }) : undefined}>
      <Answered of={plans}>
        {() => (
          <Table rows={waiting} id={(p) => p.id} label={t('reassignment')} columns={[
            { key: 'kind', title: t('home'), sort: (p) => p.kind, cell: (p) => <span title={t(`todo_${p.kind}_text`)}>{t(`todo_${p.kind}`)}</span> },
            { key: 'title', title: t('plan_title'), sort: (p) => p.title, cell: (p) => <button type="button" class="link" onClick={() => go({ view: 'plans', plan: p.id })}>{p.title}</button> },
            { key: 'effective_on', title: t('plan_day'), sort: (p) => p.effective_on, cell: (p) => dayText(p.effective_on) },
          ]} />
        )}
      </Answered>
    </Card>
  );
}
