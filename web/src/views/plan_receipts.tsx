import { useRef, useState } from 'preact/hooks';
import { post, Refusal, type Schemas } from '../api/client';
import { momentText } from '../format';
import { Trouble } from '../parts/notice';
import { holds, me } from '../state/session';
import { t } from '../words';

type Plan = Schemas['Reassignment'];
type Receipt = Plan['receipts'][number];

function Line({ r, busy, onSign }: { r: Receipt; busy: boolean; onSign: ((person: number) => void) | null }) {
  const at = r.acknowledged_at;
  return (
    <tr>
      <td>{r.person_name}</td>
      <td>{t(`side_${r.side}`)}</td>
      <td>{at ? <>{momentText(at)} <small class="soft">{r.acknowledged_by}</small></> : <><span class="vacant">{t('not_signed')}</span>{r.escalated_at && <small class="soft"> {r.superior_name ? t('superior_told', { name: r.superior_name }) : t('todo_unsigned')}</small>}</>}</td>
      <td>{!at && onSign && <button type="button" disabled={busy} aria-label={`${t('sign_paper')} ${r.person_name}`} onClick={() => onSign(r.person)}>{t('sign_paper')}</button>}</td>
    </tr>
  );
}

/** 签收: who hands over and who receives, who has signed, and signing: for oneself, or by a coordinator for who signed on paper. */
export function Receipts({ plan, onTaken }: { plan: Plan; onTaken: (id: string) => void }) {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const key = useRef(crypto.randomUUID());
  if (!['applied', 'acknowledged'].includes(plan.status) || plan.receipts.length === 0) return null;
  const sign = async (person?: number) => {
    setState({ busy: true, error: null });
    try {
      const after = await post('/api/v1/reassignments/{id}/acknowledge', { path: { id: plan.id }, key: key.current, body: person === undefined ? {} : { person } });
      key.current = crypto.randomUUID();
      setState({ busy: false, error: null });
      onTaken(after.id);
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      if (e.status !== 0) key.current = crypto.randomUUID();
      setState({ busy: false, error: e });
    }
  };
  const mine = plan.receipts.some((r) => r.acknowledged_at === null && r.person === me.value!.person);
  return (
    <section class="receipts" aria-labelledby="receipts">
      <h3 id="receipts">{t('receipts')} {plan.receipts.filter((r) => r.acknowledged_at).length} / {plan.receipts.length}</h3>
      <table class="operations">
        <thead><tr><th scope="col">{t('col_person')}</th><th scope="col">{t('side')}</th><th scope="col">{t('signed')}</th><th scope="col"><span class="hidden">{t('sign_paper')}</span></th></tr></thead>
        <tbody>{plan.receipts.map((r) => <Line key={`${r.side} ${r.person}`} r={r} busy={state.busy} onSign={holds('coordinator') ? (person) => void sign(person) : null} />)}</tbody>
      </table>
      {state.error && <Trouble error={state.error} />}
      {mine && holds('viewer', 'leader', 'officer', 'coordinator') && <p class="buttons"><button type="button" class="primary" disabled={state.busy} onClick={() => void sign()}>{t('sign_self')}</button></p>}
    </section>
  );
}
