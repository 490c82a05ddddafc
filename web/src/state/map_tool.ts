/** What the pointer does on the map: nothing lasting, so it is not part of the address. */
import { signal } from '@preact/signals';
import type { Stage } from '../map/stage';

export const TOOLS = ['look', 'pick', 'box', 'lasso'] as const;
export type Tool = (typeof TOOLS)[number] | 'split' | 'boundary';

export const tool = signal<Tool>('look');
/** What box and lasso put together. */
export const gathered = signal<'cells' | 'enterprises'>('cells');
/** The map that is shown, for what works upon it. */
export const shownStage = signal<Stage | null>(null);
