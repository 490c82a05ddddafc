/** Sentences that the server says with values in them, found again by the templates that they were made of. */

/** What stands at a place of a template, and how it is to be told: {0} as it came, {1:person} by his name. */
export interface Place { index: number; kind: string }
export interface Said {
  template: string; // as the server has it, {} where a value stands
  chinese: string;
  values: readonly string[];
}

const PLACE = /\{(\d)(?::(\w+))?\}/g;
const plainly = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The places of a Chinese line, in the order in which they stand in it. */
export const placesOf = (chinese: string): Place[] => [...chinese.matchAll(PLACE)].map((m) => ({ index: Number(m[1]), kind: m[2] ?? '' }));

/** A Chinese line with its values in their places. */
export const filled = (chinese: string, value: (place: Place) => string): string => chinese.replace(PLACE, (_, index: string, kind: string | undefined) => value({ index: Number(index), kind: kind ?? '' }));

/** A template of the server's with values in its places, in their order. */
export function refilled(template: string, values: readonly string[]): string {
  let i = 0;
  return template.replace(/\{\}/g, () => values[i++] ?? '');
}

/** Finds the template of a sentence; of several that fit the one that says most itself. */
export class Sentences {
  private readonly lines: { template: string; chinese: string; form: RegExp; own: number }[];
  constructor(lines: Readonly<Record<string, string>>) {
    this.lines = Object.entries(lines)
      .map(([template, chinese]) => {
        const parts = template.split('{}');
        return { template, chinese, form: new RegExp(`^${parts.map(plainly).join('(.*?)')}$`, 'su'), own: parts.join('').length };
      })
      .sort((a, b) => b.own - a.own);
  }

  /** `fits`: whether a template may have these values; the next that fits is taken where it may not. */
  find(sentence: string, fits: (said: Said) => boolean = () => true): Said | null {
    for (const { template, chinese, form } of this.lines) {
      const found = form.exec(sentence);
      const said = found && { template, chinese, values: found.slice(1) };
      if (said && fits(said)) return said;
    }
    return null;
  }
}
