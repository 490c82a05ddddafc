import { useEffect, useState } from 'preact/hooks';
import { post, Refusal, whole, type Schemas } from '../api/client';
import { numeral } from '../format';
import { ZONES } from '../map/palette';
import { useAnswer } from '../parts/answer';
import { Trouble } from '../parts/notice';
import { PlanForm, type Operation } from '../parts/plan_form';
import { mapDay } from '../state/asked';
import { apart, barriersOf, locked, proposal, seen, zonesOf, type Balance } from '../state/proposal';
import { go } from '../state/route';
import { area, holds } from '../state/session';
import { said, t } from '../words';
import { BalanceLimits } from './balance_limits';

const HOURS = 60; // minutes
const MOST_PAIRS = 20_000; // barriers that BalanceWorkload takes

/** The limits of a proposal for a part of the map, as the contract has them: those of other parts say nothing here. */
async function limitsOf(within: string): Promise<{ locked?: string[]; barriers?: [string, string][] }> {
  if (locked.peek().length + apart.peek().length === 0) return {};
  const villages = (await whole<Schemas['Cell']>(`/api/v1/cells?within=${within}&level=village&at=${mapDay.peek()}`)).map((c) => c.id), here = new Set(villages);
  const barriers = barriersOf(apart.peek(), villages);
  if (barriers.length > MOST_PAIRS) throw new Refusal(-1, t('limit_too_many'));
  return { locked: locked.peek().filter((c) => here.has(c)).map(String), barriers };
}

function useProposal() {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const ask = async (form: FormData) => {
    const number = (name: string) => (form.get(name) ? Number(form.get(name)) : undefined);
    const most = number('most_moved'), zones = number('zones');
    setState({ busy: true, error: null });
    proposal.value = null;
    try {
      const within = String(form.get('within'));
      proposal.value = await post('/api/v1/reassignments/balance', { body: { within, ...(await limitsOf(within)), at: mapDay.peek(), ...(most !== undefined && { most_moved: most }), ...(zones !== undefined && { zones }) } });
      seen.value = 'after';
      go({ level: null }, true);
      setState({ busy: false, error: null });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setState({ busy: false, error: e });
    }
  };
  return { ...state, ask };
}

function Measures({ of }: { of: Balance }) {
  const rows = [[t('balance_max_to_mean'), of.before.max_to_mean, of.after.max_to_mean], [t('balance_cv'), of.before.cv, of.after.cv], [t('balance_gini'), of.before.gini, of.after.gini]] as const;
  return (
    <table class="operations">
      <thead><tr><th scope="col">{t('measure')}</th><th scope="col" class="numeric">{t('before')}</th><th scope="col" class="numeric">{t('after')}</th></tr></thead>
      <tbody>{rows.map(([name, a, b]) => <tr key={name}><th scope="row">{name}</th><td class="numeric">{numeral(a)}</td><td class="numeric">{numeral(b)}</td></tr>)}</tbody>
    </table>
  );
}

function Zones({ of }: { of: Balance }) {
  const cells = zonesOf(of, seen.value), before = seen.value === 'before';
  return (
    <table class="operations zones">
      <thead><tr><th scope="col">{t('holder')}</th><th scope="col" class="numeric">{t('village')}</th><th scope="col" class="numeric">{t('balance_hours')}</th><th scope="col" class="numeric">{t('balance_pieces')}</th></tr></thead>
      <tbody>
        {of.zones.map((z, i) => (
          <tr key={i}><th scope="row"><i style={{ background: ZONES[i % ZONES.length] }} />{z.person_name ?? t('balance_zone', { n: i + 1 })}</th>
            <td class="numeric">{numeral(cells[i]!.length)}</td><td class="numeric">{numeral(Math.round((before ? z.minutes_before : z.minutes_after) / HOURS))}</td><td class="numeric">{before ? z.pieces_before : z.pieces_after}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

function Proposed({ of, onPlan }: { of: Balance; onPlan: () => void }) {
  return (
    <>
      <p class="told" role="status">{said(of.verdict)}</p>
      <Measures of={of} />
      <fieldset class="choice wide_choice"><legend class="hidden">{t('balance')}</legend>
        {(['before', 'after'] as const).map((w) => <label key={w}><input type="radio" name="seen" checked={seen.value === w} onChange={() => { seen.value = w; }} /><span>{t(w)}</span></label>)}
      </fieldset>
      <Zones of={of} />
      <p class="note">{t('balance_moves', { n: numeral(of.moves.length), e: numeral(of.after.moved_enterprises) })}</p>
      {holds('coordinator') && of.operations.length > 0 && <button type="button" class="primary" onClick={onPlan}>{t('into_plan')}</button>}
    </>
  );
}

/** Asks which villages to hand over so that the loads of the safety officers are even, shows the zones on the map, and puts them into a plan. */
export function BalancePanel() {
  const { busy, error, ask } = useProposal();
  const [planning, setPlanning] = useState(false);
  const top = area.value!.cell, found = proposal.value;
  const towns = useAnswer(top.level === 'district' ? `towns ${top.id} ${mapDay.value}` : null, (signal) => whole<Schemas['Cell']>(`/api/v1/cells?within=${top.id}&level=town&at=${mapDay.value}`, signal));
  useEffect(() => () => { proposal.value = null; }, []);
  return (
    <div class="balance">
      <form onSubmit={(e) => { e.preventDefault(); void ask(new FormData(e.currentTarget)); }}>
        <p class="note">{t('balance_text')}</p>
        <label>{t('balance_within')}<select name="within">{towns.data?.map((c) => <option key={c.id} value={String(c.id)}>{c.name}</option>)}<option value={String(top.id)}>{top.name}</option></select></label>
        <label>{t('balance_most')}<input type="number" name="most_moved" min={0} placeholder={t('balance_unlimited')} /></label>
        <label>{t('balance_zones')}<input type="number" name="zones" min={1} max={2000} placeholder={t('balance_people')} /></label>
        {holds('coordinator') && <BalanceLimits />}
        <button class="primary" disabled={busy || (top.level === 'district' && !towns.data)}>{busy ? t('balance_busy') : t('balance_ask')}</button>
      </form>
      {error && <Trouble error={error} />}
      {found && <Proposed of={found} onPlan={() => setPlanning(true)} />}
      {found && planning && (
        <PlanForm heading={t('into_plan')} title={`${found.within.name} ${t('balance')}`} ready operations={() => found.operations as unknown as Operation[]} onClose={() => setPlanning(false)}>
          <p class="soft">{t('balance_moves', { n: numeral(found.moves.length), e: numeral(found.after.moved_enterprises) })}</p>
        </PlanForm>
      )}
    </div>
  );
}
