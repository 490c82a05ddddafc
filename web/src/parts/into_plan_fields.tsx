import { useState } from 'preact/hooks';
import { whole, type Schemas } from '../api/client';
import { mapDay, today } from '../state/asked';
import { nameOf } from '../state/names';
import { selected } from '../state/selection';
import { area, posts } from '../state/session';
import { postWord, t } from '../words';
import { useAnswer } from './answer';
import { CellChoice } from './cell_choice';
import { DayInput } from './day_input';
import type { Action } from './into_plan';
import { PersonChoice } from './person_choice';

export const CAUSES = ['moved', 'data_wrong', 'boundary_changed'] as const;

/** What is chosen from lists; the rest is read from the form. */
export interface Chosen { person: Schemas['Person'] | null; village: Schemas['Cell'] | null }

function Merge() {
  const [survivor, setSurvivor] = useState(String(selected.value[0]));
  return (
    <>
      <label>{t('merge_into')}
        <select name="survivor" value={survivor} onChange={(e) => setSurvivor(e.currentTarget.value)}>
          {selected.value.map((c) => <option key={c} value={String(c)}>{nameOf(c)}</option>)}
          <option value="">{t('merge_new')}</option>
        </select>
      </label>
      {survivor === '' && <div class="row"><label>{t('code')}<input name="code" required maxLength={40} /></label><label>{t('name')}<input name="name" required maxLength={200} /></label></div>}
    </>
  );
}

function TownChoice() {
  const towns = useAnswer(`towns ${area.value!.cell.id} ${mapDay.value}`, (signal) => whole<Schemas['Cell']>(`/api/v1/cells?within=${area.value!.cell.id}&level=town&at=${mapDay.value}`, signal));
  return <label>{t('move_below')}<select name="parent" required><option value="">{t('choose')}</option>{towns.data?.map((c) => <option key={c.id} value={String(c.id)}>{c.name}</option>)}</select></label>;
}

/** A post that has one holder who can be exchanged; of villages also what they lie below, which is no post. */
function PostChoice({ level, parents = false }: { level: string; parents?: boolean }) {
  const held = posts.value.filter((p) => p.level === level && p.is_primary);
  return (
    <label>{t(parents ? 'swap_what' : 'col_post')}
      <select name="post">{held.map((p) => <option key={p.code} value={p.code}>{postWord(p.code)}</option>)}{parents && level === 'village' && <option value="">{t('swap_parents')}</option>}</select>
    </label>
  );
}

const Person = ({ legend, chosen, onChoose }: { legend: string; chosen: Chosen; onChoose: (c: Chosen) => void }) => (
  <fieldset><legend>{legend}</legend><PersonChoice district={area.value!.district.id} chosen={chosen.person} onChoose={(person) => onChoose({ ...chosen, person })} /></fieldset>
);

/** What an action asks for beside the cells. */
export function Fields({ action, level, chosen, onChoose }: { action: Action; level: string; chosen: Chosen; onChoose: (c: Chosen) => void }) {
  switch (action) {
    case 'merge': return <Merge />;
    case 'move_cell': return <TownChoice />;
    case 'close': return <p class="note">{t('close_text')}</p>;
    case 'swap': return <PostChoice level={level} parents />;
    case 'recode': return <><label>{t('code_new')}<input name="code" required maxLength={40} /></label><p class="note">{t('recode_text')}</p></>;
    case 'move_enterprise': return (
      <>
        <fieldset><legend>{t('move_into')}</legend><CellChoice level="village" chosen={chosen.village} onChoose={(village) => onChoose({ ...chosen, village })} /></fieldset>
        <label>{t('cause')}<select name="cause">{CAUSES.map((c) => <option key={c} value={c}>{t(`cause_${c}`)}</option>)}</select></label>
      </>
    );
    case 'assign': return <><PostChoice level={level} /><Person legend={t('hand_over_to')} chosen={chosen} onChoose={onChoose} /></>;
    case 'cover': return (
      <>
        <PostChoice level={level} />
        <Person legend={t('cover_by')} chosen={chosen} onChoose={onChoose} />
        <label>{t('cover_until')}<DayInput name="until" required day="" min={today.value} /></label>
        <p class="note">{t('cover_text')}</p>
      </>
    );
  }
}
