import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../words';

/** A view whose code comes when it is first opened. */
export function lazily(load: () => Promise<ComponentType>): ComponentType {
  let loaded: ComponentType | null = null;
  return function Lazy() {
    const [, shown] = useState(0);
    const [error, setError] = useState<Error | null>(null);
    useEffect(() => {
      if (!loaded) load().then((view) => { loaded = view; shown((n) => n + 1); }, setError);
    }, []);
    if (error) throw error;
    const View = loaded;
    return View ? <View /> : <p class="waiting" role="status">{t('loading')}</p>;
  };
}
