import { useState } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { mapDay } from '../state/asked';
import { area } from '../state/session';
import { t } from '../words';
import { useAnswer } from './answer';
import { Trouble } from './notice';

/** A cell of a level, found by a part of its name or by code. */
export function CellChoice({ level, chosen, onChoose }: { level: 'town' | 'village'; chosen: Schemas['Cell'] | null; onChoose: (c: Schemas['Cell'] | null) => void }) {
  const [text, setText] = useState('');
  const q = text.trim();
  const found = useAnswer(`choose ${level} ${area.value!.cell.id} ${mapDay.value} ${q}`, (signal) => get('/api/v1/cells', { query: { level, within: String(area.value!.cell.id), at: mapDay.value, limit: 50, ...(q && { q }) }, signal }));
  if (chosen) return <p class="chosen_person"><strong>{chosen.name}</strong> <small class="soft">{chosen.code}</small> <button type="button" class="link" onClick={() => onChoose(null)}>{t('choose_other')}</button></p>;
  return (
    <>
      <input type="search" placeholder={t('search')} aria-label={t('search')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      {found.error && <Trouble error={found.error} retry={found.retry} />}
      <ul class="people_list">
        {found.data?.items.map((c) => <li key={c.id}><button type="button" onClick={() => onChoose(c)}><span>{c.name}</span> <small class="soft">{c.code}</small></button></li>)}
        {found.data?.items.length === 0 && <li class="soft">{t('empty_list')}</li>}
      </ul>
    </>
  );
}
