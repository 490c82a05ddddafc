/** Server-sent events out of the pieces in which they come: a browser's EventSource hears only events whose names it was told, and cannot say why it was refused. */
export interface Told { event: string; data: string }

export class EventReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private number: string;

  /** `last`: the number of the last event that is whole, with or without data. */
  constructor(public last = '') { this.number = last; }

  /** The events that are whole by now. */
  take(piece: string): Told[] {
    const lines = (this.rest + piece).split('\n'), told: Told[] = [];
    this.rest = lines.pop()!;
    for (const line of lines) {
      if (line === '') {
        if (this.data.length) told.push({ event: this.event || 'message', data: this.data.join('\n') });
        [this.event, this.data, this.last] = ['', [], this.number]; // not before: one that is cut off is told again
      } else this.field(line);
    }
    return told;
  }

  private field(line: string): void {
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id') this.number = value;
  }
}
