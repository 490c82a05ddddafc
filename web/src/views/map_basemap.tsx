import { get } from '../api/client';
import type { Basemap, Stage } from '../map/stage';
import { useAnswer } from '../parts/answer';
import { basemapsChanged } from '../state/changes';
import { go, param } from '../state/route';
import { t } from '../words';

export interface Basemaps { all: readonly Basemap[]; shown: Basemap | null }

/** The basemaps that the server's settings name and what is imported as one, and the one that the address does. */
export function useBasemaps(): Basemaps {
  const all = useAnswer('basemaps', (signal) => get('/api/v1/basemaps', { signal }), basemapsChanged.value).data?.items ?? [];
  return { all, shown: all.find((b) => b.name === param('basemap')) ?? null };
}

/** Which basemap lies below the map; nothing where there is none. */
export function BasemapChoice({ of: { all, shown } }: { of: Basemaps }) {
  if (all.length === 0) return null;
  return (
    <select class="basemap" aria-label={t('basemap')} value={shown?.name ?? ''} onChange={(e) => go({ basemap: e.currentTarget.value })}>
      <option value="">{t('basemap_none')}</option>
      {all.map((b) => <option key={b.name} value={b.name}>{b.type === 'vector' ? t('basemap_imported') : b.name}</option>)}
    </select>
  );
}

/** What has to be said of the basemap that is shown. */
export function BasemapNotes({ stage, shown }: { stage: Stage; shown: Basemap | null }) {
  if (!shown) return null;
  return (
    <div class="basemap_notes">
      {shown.crs === 'GCJ-02' && <p class="moved" role="note">{t('basemap_moved')}</p>}
      {stage.basemapFailed.value && <p class="failed" role="status">{t('basemap_failed')}</p>}
      {shown.credit && <small>{shown.credit}</small>}
    </div>
  );
}
