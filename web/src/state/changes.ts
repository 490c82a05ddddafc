/** What others write, as the server tells it (`/api/v1/changes`): one stream for the page, open while it is in sight, as a browser has few connections to a
 * server for all its pages. What shows such things names a signal and asks again when that rises. Where the stream cannot be had the page goes on without it. */
import { computed, effect, signal, untracked, type Signal } from '@preact/signals';
import { addressOf, Refusal, send } from '../api/client';
import { door, writing } from './credential';
import { EventReader, type Told } from './event_stream';
import { area } from './session';

/** Whether changes are told as they happen. */
export const told = signal(false);
/** Each rises when such a thing has changed, by whomever. */
export const plansChanged = signal(0), peopleChanged = signal(0), mapChanged = signal(0), recordsChanged = signal(0), assessmentsChanged = signal(0), basemapsChanged = signal(0);

const AT_ONCE = 250, SELDOM = 20_000; // milliseconds in which changes are taken together; records come all day long, and figures are dear
const SIGNALS = [plansChanged, peopleChanged, mapChanged, recordsChanged, assessmentsChanged], ALL = [...SIGNALS, basemapsChanged]; // a basemap changes with nothing else, and is drawn anew

/** What shows such things, by what the notices are of. */
const CONCERNED: Record<string, readonly Signal<number>[]> = {
  reassignment: [plansChanged], notice: [plansChanged], assessment: [assessmentsChanged], basemap: [basemapsChanged],
  assignment: [peopleChanged], person: [peopleChanged], contact_point: [peopleChanged],
  cell: [mapChanged, recordsChanged], file: SIGNALS,
  ...Object.fromEntries(['hazard', 'inspection', 'patrol', 'accident', 'certificate', 'exemption', 'visit_rule', 'figure_weight', 'score_rule', 'score_floor'].map((t) => [t, [recordsChanged]])),
};

/** What has to be asked again after a notice. */
export function concerned(topic: string): readonly Signal<number>[] {
  const [what = '', deed = ''] = topic.split('.');
  return topic === 'missed' ? ALL : what === 'reassignment' && (deed === 'apply' || deed === 'revert') ? SIGNALS : (CONCERNED[what] ?? []);
}

const waiting = new Map<Signal<number>, ReturnType<typeof setTimeout>>(), rose = new Map<Signal<number>, number>();

/** Raises a signal soon, once for what comes until then; not amid a write of this page, which shows by itself what it did. */
function raise(s: Signal<number>): void {
  if (waiting.has(s)) return;
  const rest = s === recordsChanged ? (rose.get(s) ?? 0) + SELDOM - Date.now() : 0;
  const now = () => {
    if (writing.peek() > 0) { waiting.set(s, setTimeout(now, AT_ONCE)); return; }
    waiting.delete(s);
    rose.set(s, Date.now());
    s.value += 1;
  };
  waiting.set(s, setTimeout(now, Math.max(AT_ONCE, rest)));
}

const hear = ({ event }: Told): void => concerned(event).forEach(raise);

const SILENT = 40_000; // milliseconds without a sign of life, after which a stream is dead
const LASTING = 10_000; // milliseconds, after which one was well
const FIRST = 1_000, LONGEST = 60_000; // milliseconds until it is asked for again

let heard = { district: 0, number: '' }; // how far one was told, so that a page that was out of sight goes on there

/** Reads one stream until it ends; `opened` is called when it is known to speak. */
async function listen(ended: AbortSignal, opened: () => void): Promise<void> {
  const control = new AbortController(), stop = () => control.abort(), reader = new EventReader(heard.number);
  ended.addEventListener('abort', stop);
  let watch = setTimeout(stop, SILENT);
  try {
    const headers = { Accept: 'text/event-stream', ...(heard.number && { 'Last-Event-ID': heard.number }) };
    const response = await send(addressOf('/api/v1/changes', {}, { district: heard.district, topics: Object.keys(CONCERNED).join(',') }), { headers, cache: 'no-store', signal: control.signal });
    const pieces = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
      clearTimeout(watch);
      watch = setTimeout(stop, SILENT);
      reader.take(piece.value).forEach(hear);
      heard.number = reader.last;
      if (!told.peek()) opened();
    }
  } finally {
    clearTimeout(watch);
    ended.removeEventListener('abort', stop);
    if (!ended.aborted) told.value = false;
  }
}

/** After so many milliseconds, or as soon as there is a network again. */
const rested = (milliseconds: number, ended: AbortSignal): Promise<void> => new Promise((done) => {
  const go = () => { clearTimeout(timer); removeEventListener('online', go); ended.removeEventListener('abort', go); done(); };
  const timer = setTimeout(go, milliseconds);
  addEventListener('online', go);
  ended.addEventListener('abort', go);
});

/** Follows a district, again and again, until it is told to end. */
async function follow(district: number, ended: AbortSignal): Promise<void> {
  if (heard.district !== district) heard = { district, number: '' };
  for (let rest = FIRST, first = true; !ended.aborted; first = false) {
    const began = Date.now(), all = !first && !heard.number; // what happened meanwhile nobody has told
    try {
      await listen(ended, () => { told.value = true; if (all) ALL.forEach(raise); });
    } catch (e) {
      if (e instanceof Refusal && e.status >= 400) rest = Math.max(rest, LONGEST / 4); // too many follow, or it may not be
    }
    if (Date.now() - began > LASTING) rest = FIRST;
    if (!ended.aborted) await rested(rest * (0.75 + Math.random() / 2), ended);
    rest = Math.min(rest * 2, LONGEST);
  }
}

const inSight = signal(!document.hidden);
const followed = computed(() => (door.value === 'in' && inSight.value ? area.value?.district.id : undefined));

/** To be called once, where the page begins. */
export function followChanges(): void {
  document.addEventListener('visibilitychange', () => { inSight.value = !document.hidden; });
  effect(() => {
    if (followed.value === undefined) return;
    const control = new AbortController();
    const district = followed.value;
    untracked(() => void follow(district, control.signal));
    return () => { control.abort(); told.value = false; };
  });
}
