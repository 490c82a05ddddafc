import { useEffect, useState } from 'preact/hooks';
import { get, Refusal, whole, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Icon } from '../parts/icon';
import { Answered, Sentence } from '../parts/notice';
import { useSettled } from '../parts/settled';
import { riskMark } from '../parts/record_columns';
import { today } from '../state/asked';
import { metresBetween } from '../distance';
import { firstOf, windowOf } from '../state/days';
import { discard, flush, online, waiting } from '../state/outbox';
import { keepList, keptList } from '../state/store';
import { area, me } from '../state/session';
import { t } from '../words';
import { RecordVisit } from './field_form';

type Enterprise = Schemas['Enterprise'];
export interface Due { enterprise: Enterprise; due_on: string; kinds: ('inspection' | 'patrol')[] }
export interface Place { lon: number; lat: number; accuracy: number } // accuracy in metres

const farness = (e: Enterprise, here: Place | null): number => (here && e.lon !== null && e.lat !== null ? metresBetween(here, { lon: e.lon, lat: e.lat }) : Infinity);

/** Nearest first where the position is known, else what is due longest. */
export const inOrder = (due: readonly Due[], here: Place | null): Due[] =>
  [...due].sort((a, b) => (here ? farness(a.enterprise, here) - farness(b.enterprise, here) : 0) || a.due_on.localeCompare(b.due_on));

async function readDue(cell: Schemas['Cell'], day: string): Promise<Due[]> {
  const window = windowOf('year', day, firstOf('year', day), day);
  const row = (await get('/api/v1/figures', { query: { within: String(cell.id), level: cell.level as 'town', measures: 'overdue_enterprises,patrol_overdue_enterprises', mode: 'as_is', ...window } })).rows[0];
  const due = new Map<number, Due>();
  for (const [kind, measure] of [['inspection', 'overdue_enterprises'], ['patrol', 'patrol_overdue_enterprises']] as const) {
    const records = row?.figures[measure]?.records;
    for (const e of records ? await whole<Enterprise>(records) : []) {
      const known = due.get(e.id), on = e.due_on ?? day;
      if (known) { known.kinds.push(kind); known.due_on = known.due_on < on ? known.due_on : on; } else due.set(e.id, { enterprise: e, due_on: on, kinds: [kind] });
    }
  }
  return [...due.values()];
}

/** Under what the list is kept on the phone. */
const listName = (): string => `due ${me.value!.username} ${area.value!.cell.id}`;

function useDue() {
  const cell = area.value!.cell, day = today.value, name = listName();
  return useAnswer(`${name} ${day}`, async () => {
    try {
      const due = await readDue(cell, day);
      await keepList(name, due);
      return due;
    } catch (e) {
      const kept = e instanceof Refusal && e.status === 0 ? await keptList<Due[]>(name) : undefined;
      if (!kept) throw e;
      return kept;
    }
  });
}

function useHere(): Place | null {
  const [here, setHere] = useState<Place | null>(null);
  useEffect(() => {
    if (!isSecureContext || !('geolocation' in navigator)) return;
    const watch = navigator.geolocation.watchPosition((p) => setHere({ lon: p.coords.longitude, lat: p.coords.latitude, accuracy: p.coords.accuracy }), () => setHere(null), { enableHighAccuracy: true, maximumAge: 30_000 });
    return () => navigator.geolocation.clearWatch(watch);
  }, []);
  return here;
}

/** What has not been sent, and why. */
function Outbox() {
  const mine = waiting.value;
  return (
    <>
      {!online.value && <p class="told" role="status">{t('offline')}</p>}
      {mine.length > 0 && (
        <section class="outbox" aria-label={t('outbox')}>
          <header><h2>{t('outbox')} {numeral(mine.length)}</h2><span class="grow" /><button type="button" onClick={() => void flush()}>{t('send_now')}</button></header>
          <ul>{mine.map((w) => <li key={w.id}>{w.label}{w.problem && <><p class="vacant"><Sentence text={w.problem} /></p><button type="button" class="link" onClick={() => void discard(w.id)}>{t('discard')}</button></>}</li>)}</ul>
        </section>
      )}
    </>
  );
}

const FOUND = 10;

/** An enterprise that is not due, by a part of its name or its code: hazards are found there too. */
function Others({ onChoose }: { onChoose: (due: Due) => void }) {
  const [text, setText] = useState('');
  const q = useSettled(text.trim()), { district, cell } = area.value!, at = today.value;
  const found = useAnswer(q ? `others ${cell.id} ${at} ${q}` : null, async (signal) => {
    try { return (await get('/api/v1/enterprises', { query: { district: district.id, cell: String(cell.id), at, q, limit: FOUND }, signal })).items; } catch (e) {
      const kept = e instanceof Refusal && e.status === 0 ? await keptList<Due[]>(listName()) : undefined; // without a network: among those that are due
      if (!kept) throw e;
      return kept.map((d) => d.enterprise).filter((x) => x.name?.includes(q) || x.code === q).slice(0, FOUND);
    }
  });
  return (
    <div class="others_search">
      <input type="search" placeholder={t('field_other')} aria-label={t('field_other')} value={text} onInput={(e) => setText(e.currentTarget.value)} />
      {q && <Answered of={found}>{(items) => (
        <ul class="people_list">
          {items.map((e) => <li key={e.id}><button type="button" onClick={() => { setText(''); onChoose({ enterprise: e, due_on: at, kinds: ['patrol'] }); }}><span>{e.name}</span> <small class="soft">{e.code}</small></button></li>)}
          {items.length === 0 && <li class="soft">{t('search_none', { q })}</li>}
        </ul>
      )}</Answered>}
    </div>
  );
}

const SHOWN = 50;

/** The officer's page for a phone: what is due, nearest first, and recording a visit with what it found, without a network too. */
export function FieldView() {
  const due = useDue(), here = useHere();
  const [chosen, setChosen] = useState<Due | null>(null);
  useEffect(() => { void flush(); }, []);
  return (
    <div class="field_view" data-ready={due.data ? 'true' : undefined}>
      <header class="page_head"><h1>{t('field')}</h1><span class="soft">{due.data && t('field_due', { n: numeral(due.data.length) })}</span></header>
      {!isSecureContext && <p class="told">{t('needs_https')}</p>}
      <Outbox />
      <Others onChoose={setChosen} />
      <Answered of={due}>
        {(list) => list.length === 0 ? <p class="empty">{t('todo_none')}</p> : (
          <ul class="due_list">
            {inOrder(list, here).slice(0, SHOWN).map((d) => (
              <li key={d.enterprise.id}>
                <button type="button" onClick={() => setChosen(d)}>
                  <span class="name">{d.enterprise.name}</span>{riskMark(d.enterprise.risk_grade)}
                  <small class="soft">{d.kinds.map((k) => t(k)).join(t('list_comma'))} · {t('col_due_on')} {dayText(d.due_on)}{Number.isFinite(farness(d.enterprise, here)) && ` · ${numeral(Math.round(farness(d.enterprise, here)))} m`}</small>
                  <Icon name="right" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </Answered>
      {chosen && <RecordVisit due={chosen} here={here} onClose={() => setChosen(null)} />}
    </div>
  );
}
