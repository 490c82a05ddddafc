import type { Colouring } from '../map/colours';
import { numeral, unitText } from '../format';
import { dependsOnEffort } from '../measures';
import { measure } from '../state/asked';
import { go, param } from '../state/route';
import type { Rows } from '../state/rows';
import { measureWord, said, t } from '../words';
import { LayerKeys } from './map_layer_keys';

const ROOMY = 1100; // pixels of a window in whose map the open legend hides little

/** What the colours mean, what is not coloured and why, and how much the map does not show. */
export function Legend({ colouring, rows, significance }: { colouring: Colouring; rows: Rows; significance: boolean }) {
  const unit = rows.rows.find((r) => r.figure.unit)?.figure.unit ?? '';
  const evidence = rows.evidence?.no_evidence as { zh: string; en: string } | null | undefined;
  const comparable = rows.rows.some((r) => r.figure.funnel);
  return (
    <details class="legend" aria-label={t('legend')} open={innerWidth > ROOMY}>
      <summary>{measureWord(measure.value)} <small>{unitText(measure.value, unit)}</small></summary>
      <ul>
        {colouring.zeros && <li><i style={{ background: colouring.zero }} />{t('zero')}</li>}
        {colouring.swatches.map((s) => <li key={s.text}><i style={{ background: s.colour }} />{s.text}</li>)}
        {colouring.noData.length > 0 && <li><i class="hatch" />{t('no_data')} <small>({numeral(colouring.noData.length)})</small></li>}
        {comparable && significance && <li><i class="dots" />{t('not_significant')} <small>({numeral(colouring.notSignificant.length)})</small></li>}
      </ul>
      {comparable && <label class="check"><input type="checkbox" checked={significance} onChange={() => go({ significance: significance ? 'off' : null }, true)} />{t('show_significance')}</label>}
      {evidence && <p class="note">{said(evidence)}</p>}
      {rows.offMap > 0 && <button type="button" class="link" aria-pressed={param('panel') === 'off_map'} onClick={() => go({ panel: 'off_map' })}>{t('off_map', { n: numeral(rows.offMap) })}</button>}
      {dependsOnEffort(measure.value) && <p class="note">{t('effort_note')}</p>}
      <LayerKeys />
    </details>
  );
}
