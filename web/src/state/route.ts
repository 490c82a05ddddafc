/** The state of the page is its address: what is seen can be sent to a colleague. */
import { computed, signal } from '@preact/signals';

const search = signal(location.search);
const parameters = computed(() => new URLSearchParams(search.value));

addEventListener('popstate', () => { search.value = location.search; });

/** A parameter of the address, empty where it is not named. */
export const param = (name: string): string => parameters.value.get(name) ?? '';

export type Changes = Record<string, string | number | null | undefined>;

/** The address with some parameters changed; null, undefined or '' takes one out. */
export function addressWith(changes: Changes): string {
  const next = new URLSearchParams(parameters.peek());
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined || value === '') next.delete(name);
    else next.set(name, String(value));
  }
  const text = next.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return text ? `/?${text}` : '/';
}

/** Goes there; `replace` leaves no step for the Back button, for what changes continuously. */
export function go(changes: Changes, replace = false): void {
  const address = addressWith(changes);
  if (address === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  search.value = location.search;
}
