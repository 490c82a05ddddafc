import { useEffect, useRef, useState } from 'preact/hooks';
import { get } from '../api/client';
import { metresBetween } from '../distance';
import { numeral } from '../format';
import { openForm } from '../parts/dialog';
import { Photos } from '../parts/file_button';
import { Icon } from '../parts/icon';
import { today } from '../state/asked';
import { plusDays } from '../state/days';
import { flush, keep, type Waiting } from '../state/outbox';
import { area, me } from '../state/session';
import { keepList, keptList } from '../state/store';
import { t } from '../words';
import type { Due, Place } from './field';

const LATEST = 1000, LATELY = 366, MOST = 20; // hazards and days that are looked at for categories, and categories that are shown
const FAR = 300; // metres from the enterprise beyond which the officer is asked to look again

interface Found { grade: 'general' | 'major'; category: string; description: string; photos: File[] }
interface Visit { kind: 'patrol' | 'inspection'; result: 'completed' | 'attempted'; found: Found[]; photos: File[] }

/** What a visit is sent as: itself, each hazard that it found, and photos, each of which belongs to the visit or to a hazard. */
export function recordsOf(visit: Visit, of: { enterprise: number; name: string; district: number; day: string; owner: string; here: Place | null }, now = new Date()): Waiting[] {
  const id = crypto.randomUUID(), list = `/api/v1/${visit.kind}s`;
  const common = { district: of.district, day: of.day, enterprise: of.enterprise };
  const one = (n: number, record: Omit<Waiting, 'owner' | 'made' | 'problem'>): Waiting => ({ ...record, owner: of.owner, made: new Date(now.getTime() + n).toISOString(), problem: null });
  const place = of.here ? { lon: of.here.lon, lat: of.here.lat } : {};
  const photo = (kind: string, event: string, file: File): Omit<Waiting, 'owner' | 'made' | 'problem'> => {
    const made = crypto.randomUUID(), query = new URLSearchParams({ kind, event, name: file.name });
    return { id: made, label: `${t('photo')} · ${of.name}`, method: 'PUT', address: `/api/v1/attachments/${made}?${query}`, check: null, body: file };
  };
  const photos = visit.photos.map((file) => photo(visit.kind, id, file));
  const records = [one(0, { id, label: `${t(visit.kind)} · ${of.name}`, method: 'POST', address: list, check: `${list}/${id}`, body: JSON.stringify({ id, ...common, ...place, at: now.toISOString(), result: visit.result }) })];
  visit.found.forEach((f, i) => {
    const hazard = crypto.randomUUID();
    const body = { id: hazard, ...common, ...place, source: visit.kind, grade: f.grade, visit_id: id, ...(f.category && { category: f.category }), ...(f.description && { description: f.description }) };
    records.push(one(i + 1, { id: hazard, label: `${t('hazard')} · ${of.name}`, method: 'POST', address: '/api/v1/hazards', check: `/api/v1/hazards/${hazard}`, body: JSON.stringify(body) }));
    photos.push(...f.photos.map((file) => photo('hazard', hazard, file)));
  });
  return [...records, ...photos.map((p, i) => one(records.length + i, p))]; // they follow what they belong to
}

function Position({ due, here }: { due: Due; here: Place | null }) {
  const { lon, lat } = due.enterprise;
  if (!here || lon === null || lat === null) return <p class="soft">{t('position_unknown')}</p>;
  const metres = metresBetween(here, { lon, lat });
  return <p class={metres > FAR + here.accuracy ? 'vacant' : 'soft'}>{t(metres > FAR + here.accuracy ? 'position_far' : 'position_here', { n: numeral(Math.round(metres)) })}</p>;
}

function HazardFields({ found, onChange, onDrop }: { found: Found; onChange: (f: Found) => void; onDrop: () => void }) {
  return (
    <fieldset class="found">
      <legend>{t('hazard')} <button type="button" class="link" onClick={onDrop}>{t('discard')}</button></legend>
      <label>{t('col_grade')}<select value={found.grade} onChange={(e) => onChange({ ...found, grade: e.currentTarget.value as Found['grade'] })}><option value="general">{t('general')}</option><option value="major">{t('major')}</option></select></label>
      <label>{t('col_category')}<input value={found.category} maxLength={200} required list="hazard_categories" autocomplete="off" onInput={(e) => onChange({ ...found, category: e.currentTarget.value })} /></label>
      <label>{t('description')}<textarea rows={2} maxLength={4000} value={found.description} onInput={(e) => onChange({ ...found, description: e.currentTarget.value })} /></label>
      <Photos photos={found.photos} onChange={(photos) => onChange({ ...found, photos })}>{t('photo_add')}</Photos>
    </fieldset>
  );
}

/** Categories of hazards to choose from, though any other may be written: those of the district's latest, the most frequent first, then what is usual; without a network as they were last read. */
function useCategories(): string[] {
  const { id } = area.value!.district, name = `categories ${id}`;
  const [used, setUsed] = useState<string[]>([]);
  useEffect(() => {
    const read = async () => {
      const { items } = await get('/api/v1/hazards', { query: { district: id, limit: LATEST, from: plusDays(today.value, -LATELY) } });
      const counted = new Map<string, number>();
      for (const { category } of items) if (category) counted.set(category, (counted.get(category) ?? 0) + 1);
      const found = [...counted].sort((a, b) => b[1] - a[1]).slice(0, MOST).map(([c]) => c);
      await keepList(name, found);
      return found;
    };
    read().catch(async () => (await keptList<string[]>(name)) ?? []).then(setUsed, () => { /* the usual ones are there */ });
  }, [id]);
  return [...new Set([...used, ...t('hazard_categories').split('|')])];
}

/** Records a visit: it is kept on the phone first, then sent. */
export function RecordVisit({ due, here, onClose }: { due: Due; here: Place | null; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [visit, setVisit] = useState<Visit>({ kind: due.kinds.includes('patrol') ? 'patrol' : 'inspection', result: 'completed', found: [], photos: [] });
  const categories = useCategories();
  useEffect(() => openForm(dialog.current), []);
  const save = async () => {
    const name = due.enterprise.name ?? `#${due.enterprise.id}`;
    await keep(recordsOf(visit, { enterprise: due.enterprise.id, name, district: area.value!.district.id, day: today.value, owner: me.value!.username, here }));
    onClose();
    void flush();
  };
  const choice = <K extends 'kind' | 'result'>(name: K, values: readonly Visit[K][]) => (
    <fieldset class="choice wide_choice"><legend class="hidden">{t(name === 'kind' ? 'kind' : 'col_result')}</legend>
      {values.map((v) => <label key={v}><input type="radio" name={name} checked={visit[name] === v} onChange={() => setVisit({ ...visit, [name]: v })} /><span>{t(v)}</span></label>)}
    </fieldset>
  );
  return (
    <dialog ref={dialog} class="form" aria-labelledby="visit_title" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onSubmit={(e) => { e.preventDefault(); void save(); }}>
        <header><h2 id="visit_title">{due.enterprise.name}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        <Position due={due} here={here} />
        {choice('kind', ['patrol', 'inspection'])}
        {choice('result', ['completed', 'attempted'])}
        {visit.found.map((f, i) => <HazardFields key={i} found={f} onChange={(next) => setVisit({ ...visit, found: visit.found.map((x, j) => (j === i ? next : x)) })} onDrop={() => setVisit({ ...visit, found: visit.found.filter((_, j) => j !== i) })} />)}
        {visit.result === 'completed' && <button type="button" onClick={() => setVisit({ ...visit, found: [...visit.found, { grade: 'general', category: '', description: '', photos: [] }] })}><Icon name="plus" />{t('add_hazard')}</button>}
        {visit.found.length > 0 && <datalist id="hazard_categories">{categories.map((c) => <option key={c} value={c} />)}</datalist>}
        <Photos photos={visit.photos} onChange={(photos) => setVisit({ ...visit, photos })}>{t('photo_take')}</Photos>
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary">{t('save')}</button></footer>
      </form>
    </dialog>
  );
}
