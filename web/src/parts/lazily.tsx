import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words';

/** A view whose code comes when it is first opened, or before, once it is known that it will be (`fetch`). */
export type Lazily = ComponentType & { fetch: () => void };

export function lazily(load: () => Promise<ComponentType>): Lazily {
  let loaded: ComponentType | null = null, coming: Promise<void> | null = null;
  const come = () => {
    coming ??= load().then((view) => { loaded = view; });
    coming.catch(() => { coming = null; });
    return coming;
  };
  const Lazy = () => {
    const [, shown] = useState(0);
    const [error, setError] = useState<Error | null>(null);
    const waits = loaded === null; // it may come between this and the effect
    useEffect(() => { if (waits) come().then(() => shown((n) => n + 1), setError); }, []);
    if (error) throw error;
    const View = loaded;
    return View ? <View /> : <p class="waiting" role="status">{t('loading')}</p>;
  };
  return Object.assign(Lazy, { fetch: () => void come() });
}
