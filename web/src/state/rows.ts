/** The figures on the map and in the table, joined with the cells of the map's day. */
import { get, whole, type Schemas } from '../api/client';
import { useAnswer, type Asked } from '../parts/answer';
import { level, mapDay, measure, windowQuery, type Level } from './asked';
import { mapChanged, recordsChanged } from './changes';
import { area } from './session';

export interface FigureCell { id: number; code: string; scheme: string; name: string; level: Level }
export interface Row {
  id: number;
  cell: FigureCell;
  known: Schemas['Cell'] | null; // null: not alive on the map's day
  figure: Schemas['Figure'];
}
type Legend = Schemas['FigureLegend'][string];
export interface Rows {
  rows: Row[];
  direct: { cell: FigureCell; figure: Schemas['Figure'] }[];
  unplaced: Schemas['Figure'] | null;
  evidence: Schemas['Evidence'];
  drawn: Set<number>; // ids of cells that have a shape
  offMap: number; // sum of the numerators of what the map does not show
  window: Schemas['Window'];
  legend: Legend; // the fixed classes of the measure
}

const listed = (within: number, of: Level, at: string) => whole<Schemas['Cell']>(`/api/v1/cells?within=${within}&level=${of}&at=${at}`);

/** The classes of all measures, asked for once: they never change. */
let legends: Promise<Schemas['FigureLegend']> | null = null;
function legendOf(name: string): Promise<Legend> {
  legends ??= get('/api/v1/figures/legend').then((answer) => answer.legend);
  legends.catch(() => { legends = null; });
  return legends.then((all) => all[name]!);
}

async function ask(of: Level, name: string, within: number, at: string, window: object, signal: AbortSignal): Promise<Rows> {
  const [answer, cells, legend] = await Promise.all([
    get('/api/v1/figures', { query: { within: String(within), level: of, measures: name, smoothing: 'global', ...window }, signal }),
    listed(within, of, at),
    legendOf(name),
  ]);
  const known = new Map(cells.map((c) => [c.id, c]));
  const rows = answer.rows.map((r): Row => {
    const cell = r.cell as unknown as FigureCell;
    return { id: cell.id, cell, known: known.get(cell.id) ?? null, figure: r.figures[name]! };
  });
  const drawn = new Set(cells.filter((c) => c.area_km2 !== null).map((c) => c.id));
  const direct = answer.direct.map((r) => ({ cell: r.cell as unknown as FigureCell, figure: r.figures[name]! }));
  const unplaced = answer.unplaced?.figures[name] ?? null;
  const offMap = [...rows.filter((r) => !drawn.has(r.id)), ...direct, ...(unplaced ? [{ figure: unplaced }] : [])].reduce((n, r) => n + r.figure.numerator, 0);
  return { rows, direct, unplaced, evidence: answer.evidence?.[name] ?? null, drawn, offMap, window: answer.window, legend };
}

/** Rows of a level for all that the address asks. */
export function useRows(of: Level = level.value): Asked<Rows> {
  const within = area.value!.cell.id, name = measure.value, at = mapDay.value, window = windowQuery.value;
  return useAnswer(`${of} ${name} ${within} ${at} ${JSON.stringify(window)}`, (signal) => ask(of, name, within, at, window, signal), recordsChanged.value + mapChanged.value);
}
