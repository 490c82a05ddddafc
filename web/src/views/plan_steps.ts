import type { Schemas } from '../api/client';

type Plan = Pick<Schemas['Reassignment'], 'status' | 'operations' | 'needs_approval' | 'reverted_by'>;
export type Step = 'undo' | 'redo' | 'rebase' | 'approve' | 'schedule' | 'apply' | 'revert' | 'withdraw';

/** Which steps a person may take with a plan as it stands; the server has the last word. */
export function stepsOf(plan: Plan, may: { coordinator: boolean; approver: boolean; author: boolean }): Step[] {
  const undone = plan.operations.some((o) => o.state === 'undone'), active = plan.operations.some((o) => o.state === 'active');
  const ready = plan.status === 'approved' || (plan.status === 'draft' && !plan.needs_approval);
  const steps: [Step, boolean][] = [
    ['undo', may.coordinator && plan.status === 'draft' && active],
    ['redo', may.coordinator && plan.status === 'draft' && undone],
    ['rebase', may.coordinator && plan.status === 'blocked'],
    ['approve', may.approver && !may.author && plan.status === 'draft' && plan.needs_approval && active],
    ['schedule', (may.coordinator || may.approver) && ready && active],
    ['apply', (may.coordinator || may.approver) && (ready || plan.status === 'scheduled') && active],
    ['revert', may.coordinator && ['applied', 'acknowledged'].includes(plan.status) && plan.reverted_by === null],
    ['withdraw', may.coordinator && ['draft', 'approved', 'scheduled', 'blocked'].includes(plan.status)],
  ];
  return steps.filter(([, on]) => on).map(([step]) => step);
}
