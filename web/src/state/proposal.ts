/** A proposal of who should have which villages, while it is looked at. */
import { computed, signal } from '@preact/signals';
import type { Answer } from '../api/client';
import type { Colouring } from '../map/colours';
import { ZONES } from '../map/palette';
import { go, param } from './route';

export type Balance = Answer<'/api/v1/reassignments/balance', 'post'>;

export const proposal = signal<Balance | null>(null);
export const seen = signal<'before' | 'after'>('after');

const idsOf = (text: string): number[] => text.split(',').map(Number).filter((id) => Number.isInteger(id) && id > 0);

/** Villages that stay with whom they are. */
export const locked = computed<number[]>(() => idsOf(param('locked')));
/** Sides of a river or road: no zone joins a village of one with any outside of it. */
export const apart = computed<number[][]>(() => param('apart').split(';').map(idsOf).filter((side) => side.length > 0));

// Both at once with what is selected, which they are made of and which is then let go.
export const setLocked = (cells: readonly number[]): void => go({ locked: cells.join(',') }, true);
export const setApart = (sides: readonly (readonly number[])[]): void => go({ apart: sides.map((side) => side.join(',')).join(';') }, true);

/** Pairs of villages that lie on two sides of one of them. */
export function barriersOf(sides: readonly (readonly number[])[], villages: readonly number[]): [string, string][] {
  return sides.flatMap((side) => {
    const here = new Set(side), beyond = villages.filter((v) => !here.has(v));
    return side.filter((v) => villages.includes(v)).flatMap((v) => beyond.map((w): [string, string] => [String(v), String(w)]));
  });
}

/** Villages of each zone as they are, or as proposed. */
export function zonesOf(b: Balance, when: 'before' | 'after'): number[][] {
  if (when === 'after') return b.zones.map((z) => z.cells);
  const moved = new Set(b.moves.map((m) => m.cell.id));
  return b.zones.map((z, i) => [...z.cells.filter((c) => !moved.has(c)), ...b.moves.filter((m) => m.from_zone === i).map((m) => m.cell.id)]);
}

/** Zones as colours of the map; villages that change hands have dots, those that are locked lines aslant. */
export const zoneColouring = computed<Colouring | null>(() => {
  const b = proposal.value;
  if (!b) return null;
  const colours = new Map(zonesOf(b, seen.value).flatMap((cells, i) => cells.map((c): [number, string] => [c, ZONES[i % ZONES.length]!])));
  return { swatches: [], zero: '', colours, noData: locked.value, notSignificant: b.moves.map((m) => m.cell.id), zeros: false };
});
