import { signal } from '@preact/signals';

/** Who chose a cell by the keyboard goes on in its detail, which is far from there by the tab key. */
export const toDetail = signal(false);

/** Whether a click came of a key. */
export const byKey = (e: MouseEvent): boolean => e.detail === 0;
