import { useState } from 'preact/hooks';
import { addressOf, Refusal, send, type Schemas } from '../api/client';
import { Trouble } from '../parts/notice';
import { holds } from '../state/session';
import { t } from '../words';

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Adds a list of handovers to a draft, all of it or nothing; what is wrong is told row by row. */
export function HandoverList({ plan, onAdded }: { plan: Schemas['Reassignment']; onAdded: (id: string) => void }) {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  if (plan.status !== 'draft' || !holds('coordinator')) return null;
  const add = async (file: File) => {
    setState({ busy: true, error: null });
    try {
      await send(addressOf('/api/v1/reassignments/{id}/operations', { id: plan.id }), { method: 'POST', body: file, headers: { Accept: 'application/json', 'Content-Type': /\.xlsx$/i.test(file.name) ? SHEET : 'text/csv', 'If-Match': plan.version, 'Idempotency-Key': crypto.randomUUID() } });
      setState({ busy: false, error: null });
      onAdded(plan.id);
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setState({ busy: false, error: e });
    }
  };
  return (
    <section class="handover_list" aria-labelledby="handover_list">
      <h3 id="handover_list">{t('handover_list')}</h3>
      <p class="note">{t('handover_list_text')}</p>
      {state.error && <Trouble error={state.error} />}
      <label class="button"><input type="file" class="hidden" accept=".csv,.xlsx" disabled={state.busy} onChange={(e) => { const file = e.currentTarget.files?.[0]; e.currentTarget.value = ''; if (file) void add(file); }} />{state.busy ? t('sending') : t('handover_list_add')}</label>
    </section>
  );
}
