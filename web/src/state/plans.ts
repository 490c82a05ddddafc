import { signal } from '@preact/signals';

/** Rises when a plan has changed here, so that lists of plans are read anew. */
export const plansChanged = signal(0);
