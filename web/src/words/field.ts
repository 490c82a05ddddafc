/** Where a field that was refused stands in what was sent. */

export interface FieldPlace {
  list: 'operations' | 'rows' | null; // the list that it is in
  n: number; // of its item there, from 1 on; 0 outside of a list
  field: string; // its own name; empty where the whole item is meant
}

/** operations.0.title is the title of the first operation, as JSON counts; operations/1 and rows/1 are the first ones, as people do. */
export function fieldPlace(name: string): FieldPlace {
  const whole = /^(operations|rows)\/(\d+)$/.exec(name), inner = whole ? null : /^(operations|rows)\.(\d+)(?:\.(.+))?$/.exec(name);
  const named = whole ? '' : ((inner ? inner[3] : name) ?? '').split('.').filter((part) => !/^\d+$/.test(part)).at(-1) ?? '';
  const list = (whole?.[1] ?? inner?.[1] ?? null) as FieldPlace['list'];
  return { list, n: whole ? Number(whole[2]) : inner ? Number(inner[2]) + 1 : 0, field: named };
}
