import type { Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { plusDays } from '../state/days';
import { nameOf, personName } from '../state/names';
import { go } from '../state/route';
import { postWord, t } from '../words';

type Plan = Schemas['Reassignment'];
type Done = Plan['operations'][number];
interface Was { holders?: number[]; parent?: number | null; code?: string }
interface Effect { land?: { from: number; to: number; m2: number }[] }

const KINDS = ['assign', 'move_cell', 'move_enterprise', 'merge', 'split', 'boundary', 'close', 'reopen', 'swap', 'recode', 'restore'] as const;
export function operationWord(kind: string): string {
  const known = KINDS.find((k) => k === kind);
  return known ? t(`op_${known}`) : kind;
}

/** A cell that a plan names, by its id as text or by code. */
export const cellWord = (named: string | undefined): string => (named === undefined ? '—' : /^\d+$/.test(named) ? nameOf(Number(named)) : named);

function sides(o: Done, district: number): { before: string; after: string } {
  const body = o.body as unknown as Schemas['Operation'], was = o.was as unknown as Was | null, land = (o.effect as unknown as Effect | null)?.land;
  const persons = (ids: readonly number[]) => ids.map((id) => personName(district, id)).join(t('list_comma')) || t('vacant');
  switch (o.kind) {
    case 'assign': {
      const after = body.person ? personName(district, body.person) : t('vacant');
      return { before: persons(was?.holders ?? []), after: body.to ? t('until_day', { name: after, day: dayText(plusDays(body.to, -1)) }) : after };
    }
    case 'move_cell': return { before: nameOf(was?.parent ?? null), after: cellWord(body.parent) };
    case 'move_enterprise': return { before: nameOf(was?.parent ?? null), after: cellWord(body.parent) };
    case 'merge': return { before: (body.sources ?? []).map(cellWord).join(t('list_comma')), after: body.into?.name ?? cellWord(body.into?.cell) };
    case 'split': return { before: cellWord(body.cell), after: (body.targets ?? []).map((x) => `${x.name} ${x.code}`).join(t('list_comma')) };
    case 'boundary': return { before: '', after: land?.map((l) => t('land_passes', { from: nameOf(l.from), to: nameOf(l.to), n: numeral(l.m2 / 1e6) })).join(t('list_comma')) ?? (body.corners ? t('corners_match', { n: body.corners.coordinates.length }) : body.gains ? t('land_gains') : body.with ? t('land_goes', { name: cellWord(body.with) }) : '') };
    case 'swap': return { before: cellWord(body.cell), after: cellWord(body.with) };
    case 'recode': return { before: was?.code ?? '', after: body.code ?? '' };
    case 'restore': return { before: '', after: t('restore_text') };
    default: return { before: '', after: '' };
  }
}

/** Before and after of one operation, side by side. */
function Row({ o, district }: { o: Done; district: number }) {
  const body = o.body as unknown as Schemas['Operation'], { before, after } = sides(o, district);
  const cell = Number(body.cell ?? body.sources?.[0]);
  return (
    <tr class={o.state === 'active' ? '' : 'undone'}>
      <td>{o.n}</td>
      <td>{Number.isInteger(cell) ? <button type="button" class="link" onClick={() => go({ view: 'map', cell, zoom_to: cell, plan: null })}>{nameOf(cell)}</button> : body.cell}</td>
      <td>{o.kind === 'split' && !body.line && !body.targets?.some((x) => x.geometry) ? t('op_split_list') : o.kind === 'assign' && body.to ? t('op_cover') : operationWord(o.kind)}{body.post && ` · ${postWord(body.post)}`}</td>
      <td class="soft">{before}</td>
      <td>{after}</td>
    </tr>
  );
}

/** What a plan does, operation by operation. */
export function Operations({ plan }: { plan: Plan }) {
  return (
    <div class="wide_table" tabIndex={0} role="region" aria-label={t('plan_action')}>
      <table class="operations">
        <thead><tr><th scope="col">#</th><th scope="col">{t('cells')}</th><th scope="col">{t('plan_action')}</th><th scope="col">{t('before')}</th><th scope="col">{t('after')}</th></tr></thead>
        <tbody>{plan.operations.filter((o) => o.state !== 'aside').map((o) => <Row key={o.n} o={o} district={plan.district} />)}</tbody>
      </table>
    </div>
  );
}
