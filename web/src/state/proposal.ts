/** A proposal of who should have which villages, while it is looked at. */
import { computed, signal } from '@preact/signals';
import type { Answer } from '../api/client';
import type { Colouring } from '../map/colours';
import { ZONES } from '../map/palette';

export type Balance = Answer<'/api/v1/reassignments/balance', 'post'>;

export const proposal = signal<Balance | null>(null);
export const seen = signal<'before' | 'after'>('after');

/** Villages of each zone as they are, or as proposed. */
export function zonesOf(b: Balance, when: 'before' | 'after'): number[][] {
  if (when === 'after') return b.zones.map((z) => z.cells);
  const moved = new Set(b.moves.map((m) => m.cell.id));
  return b.zones.map((z, i) => [...z.cells.filter((c) => !moved.has(c)), ...b.moves.filter((m) => m.from_zone === i).map((m) => m.cell.id)]);
}

/** Zones as colours of the map; villages that change hands have dots. */
export const zoneColouring = computed<Colouring | null>(() => {
  const b = proposal.value;
  if (!b) return null;
  const colours = new Map(zonesOf(b, seen.value).flatMap((cells, i) => cells.map((c): [number, string] => [c, ZONES[i % ZONES.length]!])));
  return { swatches: [], zero: '', colours, noData: [], notSignificant: b.moves.map((m) => m.cell.id), zeros: false };
});
