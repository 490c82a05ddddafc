/** What the requests and the session share: apart, so that neither needs the other. */
import { signal } from '@preact/signals';

export const csrf = signal('');
/** How many writes of this page wait for their answers. */
export const writing = signal(0);
/** out: nobody has signed in; expired: somebody had, and goes on where they were after signing in again. */
export const door = signal<'unknown' | 'out' | 'expired' | 'in'>('unknown');

export function expire(): void {
  door.value = door.value === 'in' || door.value === 'expired' ? 'expired' : 'out';
}
