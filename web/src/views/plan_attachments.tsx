import { useState } from 'preact/hooks';
import { addressOf, Refusal, send, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { Trouble } from '../parts/notice';
import { holds } from '../state/session';
import { accountWord, t } from '../words';

const LARGEST = 20_000_000; // bytes, x-body-limit of CreateAttachment

/** Files of a plan, such as the request and the resolution that it carries out; a coordinator adds to them. */
export function Attachments({ plan, onAdded }: { plan: Schemas['Reassignment']; onAdded: (id: string) => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Refusal | 'large' | null>(null);
  const may = holds('coordinator');
  if (!may && plan.attachments.length === 0) return null;
  const add = async (file: File) => {
    if (file.size > LARGEST) { setError('large'); return; }
    setBusy(true);
    setError(null);
    const id = crypto.randomUUID();
    try {
      await send(addressOf('/api/v1/attachments/{id}', { id }, { plan: plan.id, name: file.name }), { method: 'PUT', body: file, headers: { 'Content-Type': 'application/octet-stream', 'Idempotency-Key': id } });
      onAdded(plan.id);
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setError(e);
    }
    setBusy(false);
  };
  return (
    <section aria-labelledby="plan_attachments" class="attachments">
      <h3 id="plan_attachments">{t('attachments')}</h3>
      {plan.attachments.length === 0 ? <p class="soft">{t('attachments_none')}</p> : (
        <ul>{plan.attachments.map((a) => <li key={a.id}><a download={a.name} href={addressOf('/api/v1/attachments/{id}', { id: a.id })}>{a.name}</a> <small class="soft">{numeral(Math.ceil(a.bytes / 1000))} KB · {t('attached_by', { name: accountWord(a.by), day: dayText(a.at.slice(0, 10)) })}</small></li>)}</ul>
      )}
      {error === 'large' ? <p class="trouble" role="alert">{t('attach_large')}</p> : error && <Trouble error={error} />}
      {may && <label class="button"><input type="file" class="hidden" disabled={busy} onChange={(e) => { const file = e.currentTarget.files?.[0]; e.currentTarget.value = ''; if (file) void add(file); }} />{busy ? t('sending') : t('attach')}</label>}
    </section>
  );
}
