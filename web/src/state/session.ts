/** Who has signed in, and where they may look. */
import { computed, signal } from '@preact/signals';
import { get, post, remove, whole, type Schemas } from '../api/client';
import { csrf, door } from './credential';
import { param } from './route';

export type Role = Schemas['Grant']['role'];
interface Grant { role: Role; district: number; cell: number } // 0: everywhere, the whole district
/** A part of the map that one may see whole: a district, or a subtree of one. */
export interface Area { district: Schemas['District']; cell: Schemas['Cell'] }

export const me = signal<{ username: string; display_name: string; grants: Grant[] } | null>(null);
export const areas = signal<Area[]>([]);
export const posts = signal<Schemas['Post'][]>([]);

/** The area of the address; the first, a made-up one before real ones, where it names none. */
export const area = computed<Area | null>(() => areas.value.find((a) => String(a.cell.id) === param('area')) ?? areas.value[0] ?? null);

/** Whether a role is held in the area that is looked at. */
export function holds(...roles: Role[]): boolean {
  const district = area.value?.district.id;
  return me.value?.grants.some((g) => roles.includes(g.role) && (!g.district || !district || g.district === district)) ?? false;
}

async function areasOf(grants: Grant[]): Promise<Area[]> {
  if (!grants.some((g) => g.role !== 'admin')) return [];
  const districts = (await get('/api/v1/districts')).items;
  const tops = new Map((await whole<Schemas['Cell']>('/api/v1/cells?level=district')).map((c) => [c.district, c]));
  const found = new Map<number, Area>();
  for (const district of districts) {
    const here = grants.filter((g) => g.role !== 'admin' && (!g.district || g.district === district.id));
    const top = tops.get(district.id);
    if (top && here.some((g) => !g.cell)) found.set(top.id, { district, cell: top });
    else for (const g of here) found.set(g.cell, { district, cell: await get('/api/v1/cells/{cell}', { path: { cell: g.cell } }) });
  }
  return [...found.values()].sort((a, b) => Number(b.district.synthetic) - Number(a.district.synthetic) || Number(b.district.last_day !== null) - Number(a.district.last_day !== null));
}

/** Asks who the session is of, and takes what is needed to show anything. */
export async function enter(): Promise<void> {
  const account = await get('/api/v1/me');
  csrf.value = account.csrf ?? '';
  const grants = account.grants as unknown as Grant[];
  const same = me.peek()?.username === account.username;
  if (!same) {
    [areas.value, posts.value] = await Promise.all([areasOf(grants), grants.some((g) => g.role !== 'admin') ? get('/api/v1/posts').then((p) => p.items) : []]);
    me.value = { username: account.username, display_name: account.display_name, grants };
  }
  door.value = 'in';
}

export async function signIn(username: string, password: string): Promise<void> {
  await post('/api/v1/sessions', { body: { username, password, cookie: true } });
  await enter();
}

export async function signOut(): Promise<void> {
  try { await remove('/api/v1/sessions'); } finally {
    me.value = null;
    csrf.value = '';
    door.value = 'out';
  }
}
