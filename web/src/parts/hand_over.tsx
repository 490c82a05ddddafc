import { useEffect, useRef, useState } from 'preact/hooks';
import { post, Refusal, type Schemas } from '../api/client';
import { dayText } from '../format';
import { today } from '../state/asked';
import { go } from '../state/route';
import { postWord, t } from '../words';
import { DayInput } from './day_input';
import { openForm } from './dialog';
import { Icon } from './icon';
import { Trouble } from './notice';
import { PersonChoice } from './person_choice';

type PostCode = 'district_head' | 'district_supervisor' | 'town_head' | 'enforcement_officer' | 'safety_officer' | 'safety_informant';
export interface HandOverAsked { cell: Schemas['Cell']; post: string; holder: string | null }

function useSubmit({ cell, post: code }: HandOverAsked, onClose: () => void) {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const key = useRef(crypto.randomUUID()); // one deed, however often it is sent
  const submit = async (person: number, form: FormData) => {
    const from = String(form.get('from')), reason = String(form.get('reason')).trim();
    setState({ busy: true, error: null });
    try {
      await post('/api/v1/assignments', { key: key.current, body: { cell: String(cell.id), post: code as PostCode, person, from, acting: form.get('acting') === 'on', replace: true, ...(reason && { reason }) } });
      onClose();
      go({ cell: cell.id, day: from <= today.value ? from : today.value, told: 'handed_over' });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      if (e.status !== 0) key.current = crypto.randomUUID(); // what was refused may be changed and sent anew
      setState({ busy: false, error: e });
    }
  };
  return { ...state, submit };
}

/** A post of a cell to another person from a day on, in one form. */
export function HandOver({ asked, onClose }: { asked: HandOverAsked; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [person, setPerson] = useState<Schemas['Person'] | null>(null);
  const { busy, error, submit } = useSubmit(asked, onClose);
  useEffect(() => openForm(dialog.current), []);
  return (
    <dialog ref={dialog} class="form" aria-labelledby="hand_over_title" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onSubmit={(e) => { e.preventDefault(); if (person) void submit(person.id, new FormData(e.currentTarget)); }}>
        <header><h2 id="hand_over_title">{t('hand_over')}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        <p><strong>{asked.cell.name}</strong> · {postWord(asked.post)}</p>
        <p class="soft">{asked.holder ? t('held_by', { name: asked.holder }) : t('held_by_nobody')}</p>
        <fieldset><legend>{t('hand_over_to')}</legend><PersonChoice district={asked.cell.district} chosen={person} onChoose={setPerson} /></fieldset>
        <div class="row">
          <label>{t('hand_over_from')}<DayInput name="from" required day={today.value} /></label>
          <label class="check"><input type="checkbox" name="acting" />{t('acting')}</label>
        </div>
        <label>{t('reason')}<textarea name="reason" rows={2} maxLength={1000} /></label>
        {error && <Trouble error={error} />}
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary" disabled={busy || !person}>{busy ? t('sending') : t('hand_over')}</button></footer>
      </form>
    </dialog>
  );
}

/** What was just done, once. */
export function Told({ day }: { day: string }) {
  return <p class="told" role="status">{t('handed_over', { day: dayText(day) })} <button type="button" class="link" onClick={() => go({ told: null }, true)}>{t('close')}</button></p>;
}
