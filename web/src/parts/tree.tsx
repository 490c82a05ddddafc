import { useState } from 'preact/hooks';
import { whole, type Schemas } from '../api/client';
import { figureText } from '../format';
import { chosen, level, mapDay, measure } from '../state/asked';
import { byKey, toDetail } from '../state/attention';
import { mapChanged } from '../state/changes';
import { go } from '../state/route';
import { useRows, type Row } from '../state/rows';
import { maySelect, selected, selectedEnterprises, toggle, toggleEnterprise } from '../state/selection';
import { area } from '../state/session';
import { t } from '../words';
import { useAnswer } from './answer';
import { Icon } from './icon';
import { Answered } from './notice';
import { SelectionBar } from './selection_bar';

type Cell = Schemas['Cell'];
type Figures = Map<number, Row>;

const ORDER = ['district', 'town', 'village', 'enterprise'];
const byLevel = (a: Cell, b: Cell) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level) || a.code.localeCompare(b.code);

function Children({ of, figures }: { of: Cell; figures: Figures }) {
  const answer = useAnswer(`${of.id} ${mapDay.value}`, (signal) => whole<Cell>(`/api/v1/cells/${of.id}/children?at=${mapDay.value}`, signal), mapChanged.value);
  return <Answered of={answer}>{(cells) => <ul>{[...cells].sort(byLevel).map((c) => <Branch key={c.id} cell={c} figures={figures} />)}</ul>}</Answered>;
}

/** A tick, for who may put cells into a plan: those of the map's level, and enterprises. */
function Tick({ cell }: { cell: Cell }) {
  const enterprise = cell.level === 'enterprise';
  if (!maySelect.value || (!enterprise && (cell.level !== level.value || cell.level === 'district'))) return null;
  return <input type="checkbox" aria-label={t('select', { name: cell.name })} checked={(enterprise ? selectedEnterprises : selected).value.includes(cell.id)} onChange={() => (enterprise ? toggleEnterprise : toggle)(cell.id)} />;
}

function Branch({ cell, figures, opened = false }: { cell: Cell; figures: Figures; opened?: boolean }) {
  const [open, setOpen] = useState(opened);
  const row = figures.get(cell.id);
  const leaf = cell.level === 'enterprise';
  return (
    <li>
      <div class={`branch ${chosen.value === cell.id ? 'chosen' : ''}`}>
        {leaf ? <span class="twig" /> : (
          <button type="button" class="twig" aria-expanded={open} aria-label={cell.name} onClick={() => setOpen(!open)}><Icon name={open ? 'down' : 'right'} size={12} /></button>
        )}
        <Tick cell={cell} />
        <button type="button" class="leaf" aria-current={chosen.value === cell.id ? 'true' : undefined} title={cell.code} onClick={(e) => { toDetail.value = byKey(e); go({ cell: cell.id }); }}>
          <span class="name">{cell.name}</span>
          {cell.area_km2 === null && !leaf && <em class="soft">{t('no_shape')}</em>}
          {row && <span class="value">{figureText(measure.value, row.figure)}</span>}
        </button>
      </div>
      {open && !leaf && <Children of={cell} figures={figures} />}
    </li>
  );
}

/** 区–街镇–村居–企业, each level read when it is opened. */
export function Tree() {
  const towns = useRows('town'), rows = useRows(level.value === 'town' ? 'village' : level.value);
  const figures: Figures = new Map([...(towns.data?.rows ?? []), ...(rows.data?.rows ?? [])].map((r) => [r.id, r]));
  const top = area.value!.cell;
  return <><nav class="tree" aria-label={t('tree')}><ul><Branch key={top.id} cell={top} figures={figures} opened /></ul></nav><SelectionBar /></>;
}
