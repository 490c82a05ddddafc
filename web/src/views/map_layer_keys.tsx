import { follow } from '../api/client';
import { RISK } from '../map/palette';
import { useAnswer } from '../parts/answer';
import { HeatLegend, heatQuery } from '../parts/heat';
import { OffMap } from '../parts/off_map';
import { windowQuery } from '../state/asked';
import { recordsChanged } from '../state/changes';
import { pointQuery, shownLayers, type PointLayer } from '../state/layers';
import { area } from '../state/session';
import { t } from '../words';

interface Told { off_map?: { district: number; off_map: number }[] }
const TALL = 800; // pixels of a window whose map has room for the keys of all layers
const GRADES = ['risk_1', 'risk_2', 'risk_3', 'risk_4'] as const;

/** What the points of a layer mean, and how many of them the map does not show. */
function PointKeys({ layer }: { layer: PointLayer }) {
  const { district, cell } = area.value!, query = pointQuery(layer);
  const told = useAnswer(`off map ${layer} ${query} ${district.id}`, (signal) => follow<Told>(`/tiles/${layer}.json?${query}`, signal), recordsChanged.value).data;
  const list = `/api/v1/${layer}?district=${district.id}${cell.level === 'district' ? '' : `&cell=${cell.id}`}&${layer === 'enterprises' ? query : query.slice(query.indexOf('open_at'))}`;
  return (
    <details class="keys" aria-label={t(`layer_${layer}`)} open={innerHeight >= TALL}>
      <summary>{t(layer === 'hazards' ? 'open_hazards_layer' : 'layer_enterprises')}</summary>
      <ul>
        <li><i class={`spot ${layer}`} />{t('clustered_points')}</li>
        {layer === 'enterprises' && GRADES.map((g, i) => <li key={g}><i class="spot" style={{ background: RISK[i] }} />{t(g)}</li>)}
        {layer === 'enterprises' && <li><i class="spot none" />{t('risk_none')}</li>}
      </ul>
      {told && <OffMap n={told.off_map?.find((o) => o.district === district.id)?.off_map ?? 0} list={list} />}
    </details>
  );
}

/** The keys of the layers over the cells. */
export function LayerKeys() {
  const layers = shownLayers();
  return (
    <>
      {(['enterprises', 'hazards'] as const).map((l) => layers.includes(l) && <PointKeys key={l} layer={l} />)}
      {layers.includes('heat') && <details class="keys" aria-label={t('layer_heat')} open={innerHeight >= TALL}><summary>{t('layer_heat')}</summary><HeatLegend query={heatQuery(area.value!.cell.id, windowQuery.value)} /></details>}
    </>
  );
}
