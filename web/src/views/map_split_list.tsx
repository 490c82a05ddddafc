import { useState } from 'preact/hooks';
import { get, whole, type Schemas } from '../api/client';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { PlanForm, type Operation } from '../parts/plan_form';
import { mapDay } from '../state/asked';
import { t } from '../words';
import { nextCodes } from '../map/codes';

type Cell = Schemas['Cell'];
const PARTS = [0, 1, 2] as const; // the third only where it is given a name

interface Ground { cell: Cell; below: Cell[]; siblings: Cell[] }

async function groundOf(id: number, at: string, signal: AbortSignal): Promise<Ground> {
  const cell = await get('/api/v1/cells/{cell}', { path: { cell: id }, query: { at }, signal });
  const [below, siblings] = await Promise.all([whole<Cell>(`/api/v1/cells/${id}/children?at=${at}`, signal), whole<Cell>(`/api/v1/cells?parent=${cell.parent}&at=${at}`, signal)]);
  return { cell, below, siblings: siblings.filter((c) => c.level === cell.level) };
}

/** What each part is called, and what goes into it: of a cell without land a list tells what a line tells of others. */
export function operationOf({ cell, below }: Pick<Ground, 'cell' | 'below'>, parts: { code: string; name: string }[], part: ReadonlyMap<number, number>): Operation {
  const into = (n: number, of: (c: Cell) => boolean) => below.filter((c) => of(c) && (part.get(c.id) ?? 0) === n).map((c) => String(c.id));
  return {
    kind: 'split', cell: String(cell.id),
    targets: parts.map(({ code, name }, n) => ({ code, name, kind: cell.kind, cells: into(n, (c) => c.level !== 'enterprise'), enterprises: into(n, (c) => c.level === 'enterprise') })),
  };
}

function Parts({ ground, onClose }: { ground: Ground; onClose: () => void }) {
  const { cell, below, siblings } = ground, codes = nextCodes(siblings.map((c) => c.code), PARTS.length);
  const [part, setPart] = useState<ReadonlyMap<number, number>>(new Map());
  const [third, setThird] = useState(false);
  const shown = PARTS.slice(0, third ? 3 : 2);
  const operations = (form: FormData) => [operationOf(ground, shown.map((n) => ({ code: String(form.get(`code${n}`)), name: String(form.get(`name${n}`)) })), part)];
  return (
    <PlanForm heading={t('op_split_list')} title={`${cell.name} ${t('op_split_list')}`} ready operations={operations} onClose={onClose}>
      <p class="soft">{t('split_list_text', { name: cell.name })}</p>
      {shown.map((n) => (
        <fieldset key={n}><legend>{t('split_part', { n: n + 1 })}</legend>
          <div class="row"><label>{t('name')}<input name={`name${n}`} required maxLength={200} defaultValue={`${cell.name}（${n + 1}）`} /></label><label>{t('code')}<input name={`code${n}`} required maxLength={40} defaultValue={codes[n]} /></label></div>
        </fieldset>
      ))}
      {!third && <button type="button" onClick={() => setThird(true)}>{t('split_part_more')}</button>}
      <ul class="people_list parted">
        {below.map((c) => <li key={c.id}><label><span>{c.name}</span><select aria-label={`${c.name} ${t('split_into')}`} value={part.get(c.id) ?? 0} onChange={(e) => setPart(new Map(part).set(c.id, Number(e.currentTarget.value)))}>{shown.map((n) => <option key={n} value={n}>{t('split_part', { n: n + 1 })}</option>)}</select></label></li>)}
        {below.length === 0 && <li class="soft">{t('split_list_empty')}</li>}
      </ul>
    </PlanForm>
  );
}

/** Splits a cell that has no shape by lists of what is below it. */
export function SplitByList({ cell, onClose }: { cell: number; onClose: () => void }) {
  const ground = useAnswer(`parts ${cell} ${mapDay.value}`, (signal) => groundOf(cell, mapDay.value, signal));
  return <Answered of={ground}>{(g) => <Parts ground={g} onClose={onClose} />}</Answered>;
}
