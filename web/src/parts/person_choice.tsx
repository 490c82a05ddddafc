import { useState } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { t } from '../words';
import { useAnswer } from './answer';
import { Trouble } from './notice';

/** A person of the district, found by a part of the name. */
export function PersonChoice({ district, chosen, onChoose }: { district: number; chosen: Schemas['Person'] | null; onChoose: (p: Schemas['Person'] | null) => void }) {
  const [text, setText] = useState('');
  const q = text.trim();
  const found = useAnswer(`people ${district} ${q}`, (signal) => get('/api/v1/people', { query: { district, limit: 50, ...(q && { q }) }, signal }));
  if (chosen) {
    return (
      <p class="chosen_person"><strong>{chosen.name}</strong> <small class="soft">{chosen.phone}</small> <button type="button" class="link" onClick={() => onChoose(null)}>{t('choose_other')}</button></p>
    );
  }
  return (
    <>
      <input type="search" placeholder={t('person_search')} aria-label={t('person_search')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      {found.error && <Trouble error={found.error} retry={found.retry} />}
      <ul class="people_list">
        {found.data?.items.map((p) => <li key={p.id}><button type="button" onClick={() => onChoose(p)}><span>{p.name}</span> <small class="soft">{p.phone}</small></button></li>)}
        {found.data?.items.length === 0 && <li class="soft">{t('empty_list')}</li>}
      </ul>
    </>
  );
}
