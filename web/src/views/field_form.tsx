import { useEffect, useRef, useState } from 'preact/hooks';
import { metresBetween } from '../distance';
import { numeral } from '../format';
import { openForm } from '../parts/dialog';
import { FileButton } from '../parts/file_button';
import { Icon } from '../parts/icon';
import { today } from '../state/asked';
import { flush, keep, type Waiting } from '../state/outbox';
import { area, me } from '../state/session';
import { t } from '../words';
import type { Due, Place } from './field';

const FAR = 300; // metres from the enterprise beyond which the officer is asked to look again

interface Found { grade: 'general' | 'major'; category: string; description: string }
interface Visit { kind: 'patrol' | 'inspection'; result: 'completed' | 'attempted'; found: Found[]; photo: File | null }

/** What a visit is sent as: itself, each hazard that it found, and the photo, which belongs to it. */
export function recordsOf(visit: Visit, of: { enterprise: number; name: string; district: number; day: string; owner: string; here: Place | null }, now = new Date()): Waiting[] {
  const id = crypto.randomUUID(), list = `/api/v1/${visit.kind}s`;
  const common = { district: of.district, day: of.day, enterprise: of.enterprise };
  const one = (n: number, record: Omit<Waiting, 'owner' | 'made' | 'problem'>): Waiting => ({ ...record, owner: of.owner, made: new Date(now.getTime() + n).toISOString(), problem: null });
  const place = of.here ? { lon: of.here.lon, lat: of.here.lat } : {};
  const records = [one(0, { id, label: `${t(visit.kind)} · ${of.name}`, method: 'POST', address: list, check: `${list}/${id}`, body: JSON.stringify({ id, ...common, ...place, at: now.toISOString(), result: visit.result }) })];
  visit.found.forEach((f, i) => {
    const hazard = crypto.randomUUID();
    const body = { id: hazard, ...common, ...place, source: visit.kind, grade: f.grade, visit_id: id, ...(f.category && { category: f.category }), ...(f.description && { description: f.description }) };
    records.push(one(i + 1, { id: hazard, label: `${t('hazard')} · ${of.name}`, method: 'POST', address: '/api/v1/hazards', check: `/api/v1/hazards/${hazard}`, body: JSON.stringify(body) }));
  });
  if (visit.photo) {
    const file = crypto.randomUUID(), query = new URLSearchParams({ kind: visit.kind, event: id, name: visit.photo.name });
    records.push(one(visit.found.length + 1, { id: file, label: `${t('photo')} · ${of.name}`, method: 'PUT', address: `/api/v1/attachments/${file}?${query}`, check: null, body: visit.photo }));
  }
  return records;
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
      <label>{t('col_category')}<input value={found.category} maxLength={200} required onInput={(e) => onChange({ ...found, category: e.currentTarget.value })} /></label>
      <label>{t('description')}<textarea rows={2} maxLength={4000} value={found.description} onInput={(e) => onChange({ ...found, description: e.currentTarget.value })} /></label>
    </fieldset>
  );
}

/** Records a visit: it is kept on the phone first, then sent. */
export function RecordVisit({ due, here, onClose }: { due: Due; here: Place | null; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [visit, setVisit] = useState<Visit>({ kind: due.kinds.includes('patrol') ? 'patrol' : 'inspection', result: 'completed', found: [], photo: null });
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
        {visit.result === 'completed' && <button type="button" onClick={() => setVisit({ ...visit, found: [...visit.found, { grade: 'general', category: '', description: '' }] })}><Icon name="plus" />{t('add_hazard')}</button>}
        <FileButton accept="image/*" onFile={(photo) => setVisit({ ...visit, photo })}>{t('photo_take')}</FileButton>
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary">{t('save')}</button></footer>
      </form>
    </dialog>
  );
}
