/** Tells when somebody else has changed the plan that is open: it is looked at every few seconds while the page is in sight. */
import { useEffect, useState } from 'preact/hooks';
import { get, Refusal, type Schemas } from '../api/client';

type Plan = Schemas['Reassignment'];
const EVERY = 4_000; // milliseconds

/** What another did to a plan, if that can be told from it. */
export function byWhom(now: Plan, me: string): string {
  const by = now.applied_at ? now.applied_by : (now.approvals.at(-1)?.approver ?? null);
  return by && by !== me ? by : '';
}

/** What tells two states of a plan apart: its version names its operations alone. */
const stateOf = (p: Plan): string => [p.version, p.status, p.approvals.length, p.receipts.filter((r) => r.acknowledged_at).length].join();

export function useOtherHands(shown: Plan | null, me: string): { by: string } | null {
  const [other, setOther] = useState<{ by: string } | null>(null);
  const id = shown?.id, state = shown && stateOf(shown);
  useEffect(() => {
    setOther(null);
    if (!id || !state) return;
    const control = new AbortController();
    const look = async () => {
      if (document.hidden) return;
      try {
        const now = await get('/api/v1/reassignments/{id}', { path: { id }, signal: control.signal });
        if (stateOf(now) !== state) setOther({ by: byWhom(now, me) });
      } catch (e) {
        if (!(e instanceof Refusal) && !control.signal.aborted) throw e; // not reached: it is looked at again
      }
    };
    const timer = setInterval(() => void look(), EVERY);
    return () => { clearInterval(timer); control.abort(); };
  }, [id, state]);
  return other;
}
