import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../words';

export interface Column<R> {
  key: string;
  title: string;
  cell: (row: R) => ComponentChildren;
  sort?: (row: R) => number | string | null; // a column without it cannot be sorted by
  numeric?: boolean;
  width?: string;
}

interface Props<R> {
  rows: readonly R[];
  columns: readonly Column<R>[];
  id: (row: R) => string | number;
  label: string;
  sorted?: { by: string; down: boolean };
  chosen?: string | number | null;
  onChoose?: (row: R) => void;
  foot?: ComponentChildren;
}

const ROW = 34; // pixels, as the style has it: rows that are not in sight are not in the document
const AROUND = 12;

/** null comes last, whichever way the rest is turned. */
export function order<R>(rows: readonly R[], by: Column<R> | undefined, down: boolean): R[] {
  const value = by?.sort;
  if (!value) return [...rows];
  return [...rows].sort((a, b) => {
    const x = value(a), y = value(b);
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const way = typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), 'zh-CN');
    return down ? -way : way;
  });
}

function Head<R>({ column, sorted, onSort }: { column: Column<R>; sorted: { by: string; down: boolean }; onSort: (s: { by: string; down: boolean }) => void }) {
  const on = sorted.by === column.key;
  return (
    <th scope="col" class={column.numeric ? 'numeric' : ''} style={column.width ? { width: column.width } : undefined} aria-sort={on ? (sorted.down ? 'descending' : 'ascending') : undefined}>
      {column.sort ? (
        <button type="button" class="head" title={t('sort_by', { column: column.title })} onClick={() => onSort({ by: column.key, down: on ? !sorted.down : column.numeric === true })}>
          {column.title}<span aria-hidden="true" class="arrow">{on ? (sorted.down ? '▾' : '▴') : ''}</span>
        </button>
      ) : column.title}
    </th>
  );
}

/** A table that is sorted by its heads, with any number of rows. */
export function Table<R>({ rows, columns, id, label, sorted: first, chosen, onChoose, foot }: Props<R>) {
  const [sorted, setSorted] = useState(first ?? { by: '', down: false });
  const frame = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const box = frame.current!;
    const look = () => setSeen({ top: box.scrollTop, height: box.clientHeight || 600 });
    const watch = new ResizeObserver(look);
    watch.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => { watch.disconnect(); box.removeEventListener('scroll', look); };
  }, []);
  const all = order(rows, columns.find((c) => c.key === sorted.by), sorted.down);
  const start = Math.max(0, Math.floor(seen.top / ROW) - AROUND), end = Math.min(all.length, Math.ceil((seen.top + seen.height) / ROW) + AROUND);
  return (
    <div class="table" ref={frame} tabIndex={0} role="region" aria-label={label}>
      <table aria-rowcount={all.length + 1}>
        <thead><tr>{columns.map((c) => <Head key={c.key} column={c} sorted={sorted} onSort={setSorted} />)}</tr></thead>
        <tbody>
          {start > 0 && <tr aria-hidden="true" style={{ height: `${start * ROW}px` }}><td colSpan={columns.length} class="gap" /></tr>}
          {all.slice(start, end).map((row, i) => (
            <tr key={id(row)} aria-rowindex={start + i + 2} class={`${chosen === id(row) ? 'chosen' : ''}${onChoose ? ' choosable' : ''}`} onClick={onChoose && (() => onChoose(row))}>
              {columns.map((c) => <td key={c.key} class={c.numeric ? 'numeric' : ''}>{c.cell(row)}</td>)}
            </tr>
          ))}
          {end < all.length && <tr aria-hidden="true" style={{ height: `${(all.length - end) * ROW}px` }}><td colSpan={columns.length} class="gap" /></tr>}
        </tbody>
      </table>
      {foot}
    </div>
  );
}
