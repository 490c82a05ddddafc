/** Cells and enterprises that a coordinator has put together, on the map, in the tree or in the table, to change them in one plan. */
import { computed } from '@preact/signals';
import { go, param } from './route';
import { holds } from './session';

const idsOf = (name: string): number[] => param(name).split(',').filter(Boolean).map(Number).filter(Number.isInteger);

export const selected = computed<number[]>(() => idsOf('selected'));
export const selectedEnterprises = computed<number[]>(() => idsOf('enterprises'));
export const maySelect = computed(() => holds('coordinator'));

const without = (ids: readonly number[], id: number): number[] => (ids.includes(id) ? ids.filter((c) => c !== id) : [...ids, id]);

export const toggle = (cell: number): void => go({ selected: without(selected.peek(), cell).join(',') }, true);
export const toggleEnterprise = (id: number): void => go({ enterprises: without(selectedEnterprises.peek(), id).join(',') }, true);
export const addCells = (ids: readonly number[]): void => go({ selected: [...new Set([...selected.peek(), ...ids])].join(',') }, true);
export const addEnterprises = (ids: readonly number[]): void => go({ enterprises: [...new Set([...selectedEnterprises.peek(), ...ids])].join(',') }, true);
export const clear = (): void => go({ selected: null, enterprises: null }, true);
