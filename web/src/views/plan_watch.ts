/** Tells when somebody else has changed the plan that is open: it is looked at when the server tells of changes, and every few seconds where that cannot be had. */
import { useEffect, useState } from 'preact/hooks';
import { get, Refusal, type Schemas } from '../api/client';
import { plansChanged, told } from '../state/changes';

type Plan = Schemas['Reassignment'];
const EVERY = 4_000; // milliseconds, where changes are not told

/** What another did to a plan, if that can be told from it. */
export function byWhom(now: Plan, me: string): string {
  const by = now.applied_at ? now.applied_by : (now.approvals.at(-1)?.approver ?? null);
  return by && by !== me ? by : '';
}

/** What tells two states of a plan apart: its version names its operations alone. */
const stateOf = (p: Plan): string => [p.version, p.status, p.approvals.length, p.receipts.filter((r) => r.acknowledged_at).length].join();

export function useOtherHands(shown: Plan | null, me: string): { by: string } | null {
  const [other, setOther] = useState<{ by: string } | null>(null);
  const id = shown?.id, state = shown && stateOf(shown), hearing = told.value, changes = plansChanged.value;
  useEffect(() => setOther(null), [id, state]);
  useEffect(() => {
    if (!id || !state) return;
    const control = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => { if (!control.signal.aborted) timer = setTimeout(() => void look(), EVERY); };
    const look = async () => {
      if (document.hidden) return later();
      try {
        const now = await get('/api/v1/reassignments/{id}', { path: { id }, signal: control.signal });
        if (stateOf(now) !== state) setOther({ by: byWhom(now, me) });
        if (!hearing) later();
      } catch (e) {
        if (!(e instanceof Refusal) && !control.signal.aborted) throw e;
        later(); // it was not reached
      }
    };
    if (hearing) void look(); else later(); // also for what happened before it was heard
    return () => { clearTimeout(timer); control.abort(); };
  }, [id, state, hearing, changes]);
  return other;
}
