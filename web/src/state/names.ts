/** Names of cells that lists know by number: asked for once, when first shown. */
import { signal, type Signal } from '@preact/signals';
import { get, whole, type Schemas } from '../api/client';
import { mapDay } from './asked';
import { area } from './session';

const names = new Map<number, Signal<string>>();

export function nameOf(cell: number | null): string {
  if (cell === null) return '—';
  let name = names.get(cell);
  if (!name) {
    const asked = (name = signal(`#${cell}`));
    names.set(cell, asked);
    get('/api/v1/cells/{cell}', { path: { cell }, query: { at: mapDay.peek() } }).then((c) => c.name, () => lastNameOf(cell)).then((told) => { asked.value = told; }, () => { /* it is not known: its number stays */ });
  }
  return name.value;
}

/** What a cell that is not alive on the map's day was called last. */
async function lastNameOf(cell: number): Promise<string> {
  const { name } = await get('/api/v1/cells/{cell}/history', { path: { cell } });
  return (name.at(-1) as unknown as { name: string }).name;
}

const people = new Map<number, Signal<Map<number, string>>>();

/** The name of a person of a district; all of them are asked for at once, as a plan may name many. */
export function personName(district: number, person: number): string {
  let known = people.get(district);
  if (!known) {
    const asked = (known = signal(new Map<number, string>()));
    people.set(district, asked);
    whole<Schemas['Person']>(`/api/v1/people?district=${district}`).then((all) => { asked.value = new Map(all.map((p) => [p.id, p.name])); }, () => { people.delete(district); });
  }
  return known.value.get(person) ?? `#${person}`;
}

/** The name of a person of the district that is looked at. */
export const areaPerson = (person: number): string => (area.value ? personName(area.value.district.id, person) : `#${person}`);
