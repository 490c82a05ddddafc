import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { CellTable } from '../parts/cell_table';
import { Detail } from '../parts/detail';
import { Answered } from '../parts/notice';
import { Tree } from '../parts/tree';
import { chosen } from '../state/asked';
import { language } from '../state/preferences';
import { go, param } from '../state/route';
import { useRows, type Rows } from '../state/rows';
import { holds } from '../state/session';
import { colouringOf } from '../map/colours';
import { t } from '../words';
import { AskBar, DayBar } from './map_ask';
import { Legend } from './map_legend';
import { BalancePanel } from './map_balance';
import { MapDraw } from './map_draw';
import { FindingsPanel } from './map_findings';
import { MapStage } from './map_stage';
import { MapTools } from './map_tools';
import { zoneColouring } from '../state/proposal';
import type { Asked } from '../parts/answer';

const PANELS = ['table', 'tree', 'findings', 'balance', 'off_map'] as const;
const PANES = ['map', 'panel', 'detail'] as const;

function Panel({ rows }: { rows: Asked<Rows> }) {
  const panel = PANELS.find((p) => p === param('panel')) ?? 'table';
  return (
    <section class="panel" aria-label={t('panel')}>
      <div class="tabs" role="tablist">
        {PANELS.filter((p) => (p !== 'off_map' || panel === 'off_map') && (p !== 'balance' || holds('leader', 'coordinator', 'approver'))).map((p) => (
          <button key={p} type="button" role="tab" aria-selected={panel === p} onClick={() => go({ panel: p === 'table' ? null : p })}>{t(p === 'off_map' ? 'off_map_list' : p)}</button>
        ))}
      </div>
      {panel === 'tree' ? <Tree /> : panel === 'findings' ? <FindingsPanel /> : panel === 'balance' ? <BalancePanel /> : (
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
  const words = language.value, colouring = useMemo(() => rows.data && colouringOf(rows.data), [rows.data, words]); // once for each answer: a new one is told to all tiles
  const zones = param('panel') === 'balance' ? zoneColouring.value : null;
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
        <MapStage colouring={zones ?? colouring} significance={significance} />
        <MapTools />
        <MapDraw />
        {rows.busy && <p class="waiting floating" role="status">{t('loading')}</p>}
        {colouring && rows.data && !zones && <Legend colouring={colouring} rows={rows.data} significance={significance} />}
        <DayBar />
      </section>
      <Detail key={cell} />
      <div class="panes" role="tablist" aria-label={t('menu')}>
        {PANES.map((p) => <button key={p} type="button" role="tab" aria-selected={pane === p} onClick={() => setPane(p)}>{t(p)}</button>)}
      </div>
    </div>
  );
}
