/** What the pointer does on the map: nothing lasting, so it is not part of the address. */
import { signal } from '@preact/signals';
import type { Position } from 'geojson';
import type { Stage } from '../map/stage';

export const TOOLS = ['look', 'pick', 'box', 'lasso'] as const;
export type Tool = (typeof TOOLS)[number] | 'split' | 'boundary';

export const tool = signal<Tool>('look');
/** What box and lasso put together. */
export const gathered = signal<'cells' | 'enterprises'>('cells');
/** The map that is shown, for what works upon it. */
export const shownStage = signal<Stage | null>(null);

const DRAWN = 'gridward.drawn';
interface Drawn { what: 'split' | 'boundary'; cell: number; line: Position[] }

/** A line that was drawn stays through a reload of the page, until it is put into a plan or drawn again; null: it is no more wanted. */
export function keepDrawn(drawn: Drawn | null): void {
  if (drawn) sessionStorage.setItem(DRAWN, JSON.stringify(drawn)); else sessionStorage.removeItem(DRAWN);
}

export const keptDrawn = (): Drawn | null => JSON.parse(sessionStorage.getItem(DRAWN) ?? 'null') as Drawn | null;
