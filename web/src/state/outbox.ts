/** What an officer has recorded and the server does not have yet: kept in the browser's database, sent once when the network is back.
 * Each record has a UUID of its own and the same Idempotency-Key however often it is sent, so that nothing is there twice. It stays
 * through a sign-out, and only the account that made it sends it. */
import { computed, signal } from '@preact/signals';
import { Refusal, send } from '../api/client';
import { enter, me } from './session';
import { database, OUTBOX, run } from './store';

export interface Waiting {
  id: string; // of the record, and its Idempotency-Key
  owner: string;
  made: string; // an instant; the order in which they are sent
  label: string;
  method: 'POST' | 'PUT';
  address: string;
  body: string | Blob;
  check: string | null; // where it is found once it is there
  problem: string | null; // why the server refused it
}

const all = signal<Waiting[]>([]);
export const waiting = computed(() => all.value.filter((w) => w.owner === me.value?.username));
export const online = signal(navigator.onLine);

async function reread(): Promise<void> {
  all.value = (await run<Waiting[]>(OUTBOX, 'readonly', (s) => s.getAll() as IDBRequest<Waiting[]>)).sort((a, b) => a.made.localeCompare(b.made));
}

/** Keeps records, all or none of them, before anything is sent. */
export async function keep(records: readonly Waiting[]): Promise<void> {
  const db = await database();
  await new Promise<void>((done, fail) => {
    const transaction = db.transaction(OUTBOX, 'readwrite', { durability: 'strict' });
    for (const r of records) transaction.objectStore(OUTBOX).put(r);
    transaction.oncomplete = () => done();
    transaction.onabort = () => fail(transaction.error ?? new Error('IndexedDB'));
  });
  db.close();
  await reread();
}

export async function discard(id: string): Promise<void> {
  await run(OUTBOX, 'readwrite', (s) => s.delete(id));
  await reread();
}

/** Whether the server has it already, though the answer was lost. */
async function isThere(w: Waiting): Promise<boolean> {
  if (!w.check) return false;
  try { await send(w.check); return true; } catch { return false; }
}

/** Sends one; true when it is there, false when the rest has to wait. */
async function dispatch(w: Waiting): Promise<boolean> {
  try {
    await send(w.address, { method: w.method, body: w.body, headers: { 'Idempotency-Key': w.id, 'Content-Type': typeof w.body === 'string' ? 'application/json' : w.body.type || 'application/octet-stream' } });
  } catch (e) {
    if (!(e instanceof Refusal)) throw e;
    if (e.status === 0 || e.status === 401 || e.status >= 500 || e.status === 429) return false;
    if (!(e.status === 409 && (await isThere(w)))) {
      await run(OUTBOX, 'readwrite', (s) => s.put({ ...w, problem: e.message }));
      return true; // it stays with its reason; those after it go on
    }
  }
  await run(OUTBOX, 'readwrite', (s) => s.delete(w.id));
  return true;
}

async function sendAll(): Promise<void> {
  await reread();
  for (const w of waiting.peek().filter((r) => r.problem === null)) if (!(await dispatch(w))) break;
  await reread();
}

let flushing = false, asked = false;

/** Sends what waits, oldest first, one at a time. Asked for while it is at it, it begins once more when it is done. */
export async function flush(): Promise<void> {
  asked = true;
  if (flushing) return;
  flushing = true;
  try {
    while (asked) {
      asked = false;
      await sendAll();
    }
  } finally {
    flushing = false;
  }
}

/** Back on the network: the session is told anew, as it may have been opened without one, and then what waits is sent. */
async function back(): Promise<void> {
  online.value = true;
  try { await enter(); } catch { /* not reached after all, or ended: the page asks for the password */ }
  await flush();
}

addEventListener('online', () => void back());
addEventListener('offline', () => { online.value = false; });
