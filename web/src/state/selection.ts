/** Cells that a coordinator has put together, on the map or in the table, to change them in one plan. */
import { computed } from '@preact/signals';
import { go, param } from './route';
import { holds } from './session';

export const selected = computed<number[]>(() => param('selected').split(',').filter(Boolean).map(Number).filter(Number.isInteger));
export const maySelect = computed(() => holds('coordinator'));

export function toggle(cell: number): void {
  const now = selected.peek();
  go({ selected: (now.includes(cell) ? now.filter((c) => c !== cell) : [...now, cell]).join(',') }, true);
}
export const clear = (): void => go({ selected: null }, true);
