import { useEffect, useRef, useState } from 'preact/hooks';
import { CellTable } from '../parts/cell_table';
import { Detail } from '../parts/detail';
import { Answered } from '../parts/notice';
import { Tree } from '../parts/tree';
import { chosen } from '../state/asked';
import { go, param } from '../state/route';
import { useRows, type Rows } from '../state/rows';
import { colouringOf } from '../map/colours';
import { t } from '../words';
import { AskBar, DayBar } from './map_ask';
import { Legend } from './map_legend';
import { MapStage } from './map_stage';
import type { Asked } from '../parts/answer';

const PANELS = ['table', 'tree', 'off_map'] as const;
const PANES = ['map', 'panel', 'detail'] as const;

function Panel({ rows }: { rows: Asked<Rows> }) {
  const panel = PANELS.find((p) => p === param('panel')) ?? 'table';
  return (
    <section class="panel" aria-label={t('panel')}>
      <div class="tabs" role="tablist">
        {PANELS.filter((p) => p !== 'off_map' || panel === 'off_map').map((p) => (
          <button key={p} type="button" role="tab" aria-selected={panel === p} onClick={() => go({ panel: p === 'table' ? null : p })}>{t(p === 'off_map' ? 'off_map_list' : p)}</button>
        ))}
      </div>
      {panel === 'tree' ? <Tree /> : (
        <Answered of={rows}>
          {(data) => (
            <>
              {panel === 'off_map' && <p class="note">{t('off_map_why')}</p>}
              <CellTable key={panel} rows={data} {...(panel === 'off_map' && { only: (r) => !data.drawn.has(r.id) })} />
            </>
          )}
        </Answered>
      )}
    </section>
  );
}

/** The map with the tree and the table beside it, which do all that it does, and the chosen cell. */
export function MapView() {
  const rows = useRows();
  const [pane, setPane] = useState<(typeof PANES)[number]>('map');
  const colouring = rows.data && colouringOf(rows.data);
  const significance = param('significance') !== 'off';
  const cell = chosen.value, before = useRef(cell);
  useEffect(() => { // on a phone one pane is seen at a time: what was chosen comes to the front
    if (before.current !== cell && cell !== null) setPane('detail');
    before.current = cell;
  }, [cell]);
  return (
    <div class="map_view" data-pane={pane} data-chosen={cell ?? undefined} data-ready={rows.data !== null && !rows.busy ? 'true' : undefined}>
      <AskBar />
      <Panel rows={rows} />
      <section class="stage" aria-label={t('map')}>
        <MapStage colouring={colouring} significance={significance} />
        {rows.busy && <p class="waiting floating" role="status">{t('loading')}</p>}
        {colouring && rows.data && <Legend colouring={colouring} rows={rows.data} significance={significance} />}
        <DayBar />
      </section>
      <Detail key={cell} />
      <div class="panes" role="tablist" aria-label={t('menu')}>
        {PANES.map((p) => <button key={p} type="button" role="tab" aria-selected={pane === p} onClick={() => setPane(p)}>{t(p)}</button>)}
      </div>
    </div>
  );
}
