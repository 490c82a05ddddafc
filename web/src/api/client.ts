/** Requests to the server, typed by its contract. */
import type { components, paths } from './schema.gen';
import { csrf, expire, writing } from '../state/credential';

export type Schemas = components['schemas'];

/** What the server refuses, in its own words (words/told.ts has them in Chinese); status 0: it was not reached. */
export class Refusal extends Error {
  constructor(readonly status: number, detail: string, readonly type = '', readonly title = '', readonly errors: { field: string; detail: string }[] = []) {
    super(detail);
  }
}

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
type Operation<P extends keyof paths, M extends Method> = NonNullable<paths[P][M & keyof paths[P]]>;
type Has<M extends Method> = { [P in keyof paths]: paths[P] extends { [K in M]: unknown } ? P : never }[keyof paths];
type Body<R> = R extends { content: { 'application/json': infer J } } ? J : undefined;
type Answered<O> = O extends { responses: infer R } ? Body<R[keyof R & (200 | 201 | 202 | 204)]> : never;
type Query<O> = O extends { parameters: { query?: infer Q } } ? Q : never;
type Sent<O> = O extends { requestBody?: { content: { 'application/json': infer J } } } ? J : undefined;

export type Answer<P extends keyof paths, M extends Method = 'get'> = Answered<Operation<P, M>>;

interface Options<O> {
  path?: Record<string, string | number>;
  query?: Query<O>;
  body?: Sent<O>;
  key?: string; // Idempotency-Key
  match?: string; // If-Match
  signal?: AbortSignal | undefined;
}

/** The address of an operation with its parameters put in. */
export function addressOf(path: string, at: Record<string, string | number> = {}, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(at[name])));
  const pairs = Object.entries(query).filter(([, v]) => v !== undefined && v !== null && v !== '').map(([k, v]) => [k, String(v)]);
  return pairs.length ? `${filled}?${new URLSearchParams(pairs)}` : filled;
}

async function refusalOf(response: Response): Promise<Refusal> {
  try {
    const problem = (await response.json()) as Schemas['Problem'];
    return new Refusal(response.status, problem.detail, problem.type, problem.title, problem.errors);
  } catch {
    return new Refusal(response.status, response.statusText);
  }
}

/** Sends a request; a session that has ended is told to the page, which asks to sign in again and loses nothing. */
export async function send(address: string, init: RequestInit = {}): Promise<Response> {
  const writes = (init.method ?? 'GET') !== 'GET';
  let response: Response;
  if (writes) writing.value += 1;
  try {
    response = await fetch(address, { ...init, headers: { 'X-CSRF-Token': csrf.value, ...(init.headers as Record<string, string>) } });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new Refusal(0, '');
  } finally {
    if (writes) writing.value -= 1;
  }
  if (response.ok) return response;
  if (response.status === 401 && address !== '/api/v1/sessions') expire();
  throw await refusalOf(response);
}

async function call<O>(method: string, path: string, options: Options<O>): Promise<Answered<O>> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.key) headers['Idempotency-Key'] = options.key;
  if (options.match) headers['If-Match'] = options.match;
  const init: RequestInit = { method, headers };
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  const response = await send(addressOf(path, options.path, options.query as object | undefined), init);
  return (response.status === 204 ? undefined : await response.json()) as Answered<O>;
}

export const get = <P extends Has<'get'>>(path: P, options: Options<Operation<P, 'get'>> = {}) => call<Operation<P, 'get'>>('GET', path, options);
export const post = <P extends Has<'post'>>(path: P, options: Options<Operation<P, 'post'>> = {}) => call<Operation<P, 'post'>>('POST', path, options);
export const patch = <P extends Has<'patch'>>(path: P, options: Options<Operation<P, 'patch'>> = {}) => call<Operation<P, 'patch'>>('PATCH', path, options);
export const remove = <P extends Has<'delete'>>(path: P, options: Options<Operation<P, 'delete'>> = {}) => call<Operation<P, 'delete'>>('DELETE', path, options);

/** A link that an answer carries, such as the records of a figure. */
export async function follow<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await (await send(address, { headers: { Accept: 'application/json' }, ...(signal && { signal }) })).json()) as T;
}

/** All items of a list, page after page. */
export async function whole<T>(address: string, signal?: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  for (let after = ''; ; ) {
    const page = await follow<{ items: T[]; next: string | null }>(`${address}${address.includes('?') ? '&' : '?'}limit=1000${after && `&after=${encodeURIComponent(after)}`}`, signal);
    items.push(...page.items);
    if (!page.next) return items;
    after = page.next;
  }
}
