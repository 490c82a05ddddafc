/** Tells when somebody else has changed the plan that is open: its version is looked at every few seconds while the page is in sight. */
import { useEffect, useState } from 'preact/hooks';
import { get, Refusal, type Schemas } from '../api/client';

type Plan = Schemas['Reassignment'];
const EVERY = 4_000; // milliseconds

/** What another did to a plan, if that can be told from it. */
export function byWhom(now: Plan, me: string): string {
  const by = now.applied_at ? now.applied_by : (now.approvals.at(-1)?.approver ?? null);
  return by && by !== me ? by : '';
}

export function useOtherHands(shown: Plan | null, me: string): { by: string } | null {
  const [other, setOther] = useState<{ version: string; by: string } | null>(null);
  const id = shown?.id, version = shown?.version;
  useEffect(() => {
    setOther(null);
    if (!id || !version) return;
    const control = new AbortController();
    const look = async () => {
      if (document.hidden) return;
      try {
        const now = await get('/api/v1/reassignments/{id}', { path: { id }, signal: control.signal });
        if (now.version !== version) setOther({ version: now.version, by: byWhom(now, me) });
      } catch (e) {
        if (!(e instanceof Refusal) && !control.signal.aborted) throw e; // not reached: it is looked at again
      }
    };
    const timer = setInterval(() => void look(), EVERY);
    return () => { clearInterval(timer); control.abort(); };
  }, [id, version]);
  return other;
}
