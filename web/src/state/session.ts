/** Who has signed in, and where they may look. */
import { batch, computed, signal } from '@preact/signals';
import { get, post, Refusal, remove, whole, type Schemas } from '../api/client';
import { csrf, door } from './credential';
import { daysBetween, opening, plusDays } from './days';
import { param } from './route';
import { dropList, keepList, keptList } from './store';

export type Role = Schemas['Grant']['role'];
interface Grant { role: Role; district: number; cell: number } // 0: everywhere, the whole district
/** A part of the map that one may see whole: a district, or a subtree of one. */
export interface Area { district: Schemas['District']; cell: Schemas['Cell']; opens?: string | null } // the day on which it opens; null: it has no records; not there: not asked yet

export const me = signal<{ username: string; display_name: string; person?: number | null; grants: Grant[] } | null>(null);
export const areas = signal<Area[]>([]);
export const posts = signal<Schemas['Post'][]>([]);

/** The area of the address; the first, a made-up one before real ones, where it names none. */
export const area = computed<Area | null>(() => areas.value.find((a) => String(a.cell.id) === param('area')) ?? areas.value[0] ?? null);

/** Whether a role is held in the area that is looked at. */
export function holds(...roles: Role[]): boolean {
  const district = area.value?.district.id;
  return me.value?.grants.some((g) => roles.includes(g.role) && (!g.district || !district || g.district === district)) ?? false;
}

/** Whether one may sign a draft: an approver, and another than who drafted it. */
export const maySign = (draft: { author: string }): boolean => holds('approver') && me.value!.username !== draft.author;

const LEAST = 0.1; // of the visits of the year before, in proportion to the days

/** The day on which an area opens: the last record, but the last of the year before where the year of the last record tells next to nothing yet, such as a single visit of today. */
async function opensOn(district: Schemas['District'], cell: Schemas['Cell']): Promise<string | null> {
  if (!district.last_day) return null;
  const last = district.last_day < district.today ? district.last_day : district.today, year = Number(last.slice(0, 4));
  const visits = async (from: string, to: string) => {
    const row = (await get('/api/v1/figures', { query: { within: String(cell.id), level: cell.level as 'district', measures: 'inspection_visits,patrol_visits', from, to } })).rows[0];
    return Object.values(row?.figures ?? {}).reduce((n, f) => n + f.numerator, 0);
  };
  if (last.endsWith('-12-31')) return last;
  const [before, now] = await Promise.all([visits(`${year - 1}-01-01`, `${year}-01-01`), visits(`${year}-01-01`, plusDays(last, 1))]);
  return opening(last, before > 0 && now < LEAST * before * (daysBetween(`${year}-01-01`, last) + 1) / 365);
}

async function areasOf(grants: Grant[]): Promise<Area[]> {
  if (!grants.some((g) => g.role !== 'admin')) return [];
  const [{ items: districts }, highest] = await Promise.all([get('/api/v1/districts'), whole<Schemas['Cell']>('/api/v1/cells?level=district')]);
  const tops = new Map(highest.map((c) => [c.district, c]));
  const found = new Map<number, Area>();
  for (const district of districts) {
    const here = grants.filter((g) => g.role !== 'admin' && (!g.district || g.district === district.id));
    const top = tops.get(district.id);
    const cells = top && here.some((g) => !g.cell) ? [top] : await Promise.all(here.map((g) => get('/api/v1/cells/{cell}', { path: { cell: g.cell } })));
    for (const cell of cells) found.set(cell.id, { district, cell });
  }
  return [...found.values()].sort((a, b) => Number(b.district.synthetic) - Number(a.district.synthetic) || Number(b.district.last_day !== null) - Number(a.district.last_day !== null));
}

/** Asks on which day an area opens, as it comes to be looked at; where that cannot be told just now it is that of its last record. */
export async function settleOpening(cell: number | undefined): Promise<void> {
  const found = areas.peek().find((a) => a.cell.id === cell && a.opens === undefined);
  if (!found) return;
  const opens = await opensOn(found.district, found.cell).catch(() => found.district.last_day);
  areas.value = areas.peek().map((a) => (a.cell.id === cell ? { ...a, opens } : a));
}

const SESSION = 'session';
interface Kept { me: NonNullable<typeof me.value>; areas: Area[]; posts: Schemas['Post'][] }

/** Without a network: whoever was here last and has not signed out goes on with what is kept in this browser; the server still asks for the session. */
async function reenter(): Promise<boolean> {
  const kept = me.peek() ? undefined : await keptList<Kept>(SESSION);
  if (!kept) return me.peek() !== null;
  [areas.value, posts.value, me.value] = [kept.areas, kept.posts, kept.me];
  door.value = 'in';
  return true;
}

/** Asks who the session is of, and takes what is needed to show anything. */
export async function enter(): Promise<void> {
  let account;
  try { account = await get('/api/v1/me'); } catch (e) {
    if (e instanceof Refusal && e.status === 0 && (await reenter())) return;
    throw e;
  }
  csrf.value = account.csrf ?? '';
  const grants = account.grants as unknown as Grant[];
  const same = me.peek()?.username === account.username;
  if (!same) {
    [areas.value, posts.value] = await Promise.all([areasOf(grants), grants.some((g) => g.role !== 'admin') ? get('/api/v1/posts').then((p) => p.items) : []]);
    await settleOpening(area.peek()?.cell.id);
  }
  const who = { username: account.username, display_name: account.display_name, person: account.person, grants };
  batch(() => { // at once: the page behind a door that is still shut takes no key
    if (!same) me.value = who;
    door.value = 'in';
  });
  keepList(SESSION, { me: who, areas: areas.value, posts: posts.value } satisfies Kept).catch(() => { /* a browser may forbid it; then the page needs its network */ });
}

export async function signIn(username: string, password: string): Promise<void> {
  await post('/api/v1/sessions', { body: { username, password, cookie: true } });
  await enter();
}

export async function signOut(): Promise<void> {
  try { await remove('/api/v1/sessions'); } finally {
    await dropList(SESSION);
    me.value = null;
    csrf.value = '';
    door.value = 'out';
  }
}
