import type { FeatureCollection } from 'geojson';
import { useEffect, useState } from 'preact/hooks';
import { follow, type Schemas } from '../api/client';
import { numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { PlanForm } from '../parts/plan_form';
import { mapDay } from '../state/asked';
import { mapChanged, peopleChanged } from '../state/changes';
import { shownStage } from '../state/map_tool';
import { theme } from '../state/preferences';
import { go, param } from '../state/route';
import { area, holds } from '../state/session';
import { said, t, type Word } from '../words';

type Finding = Schemas['Finding'];
const READ = 1000;
const SEVERITIES = ['error', 'warning', 'note'] as const;

/** Findings of the map's day with their ground, and a point for those that have only a place. */
function useFindings() {
  const within = area.value!.cell.id, at = mapDay.value;
  return useAnswer(`findings on map ${within} ${at}`, async (signal) => {
    const { features } = await follow<FeatureCollection & { features: { properties: Finding }[] }>(`/api/v1/findings?within=${within}&at=${at}&limit=${READ}&format=geojson`, signal);
    const items = features.map((f) => f.properties as unknown as Finding);
    const points = items.flatMap((f) => (f.lon === null || f.lat === null ? [] : [{ type: 'Feature' as const, properties: { severity: f.severity, id: f.id }, geometry: { type: 'Point' as const, coordinates: [f.lon, f.lat] } }]));
    const grounds = features.filter((f) => f.geometry && f.geometry.type !== 'Point');
    return { items, shapes: { type: 'FeatureCollection', features: [...grounds, ...points] } as FeatureCollection };
  }, mapChanged.value + peopleChanged.value);
}

function One({ f, onRepair }: { f: Finding; onRepair: (() => void) | null }) {
  return (
    <li class={f.severity}>
      <p><span class={f.severity === 'error' ? 'vacant' : 'soft'}>{t(f.severity)}</span> <button type="button" class="link" onClick={() => go({ cell: f.cell.id, zoom_to: f.cell.id })}>{f.cell.name ?? `#${f.cell.id}`}</button></p>
      <p>{said(f.message)}</p>
      {f.repair.length > 0 && onRepair && <button type="button" onClick={onRepair}>{t('repair')}</button>}
    </li>
  );
}

/** What is wrong with the hierarchy on the map's day, in the list and on the map, each with what would mend it. */
export function FindingsPanel() {
  const answer = useFindings(), stage = shownStage.value, look = theme.value;
  const [repair, setRepair] = useState<Finding | null>(null);
  const severity = SEVERITIES.find((s) => s === param('severity'));
  useEffect(() => { void stage?.overlay('findings', answer.data?.shapes ?? null, look); }, [stage, answer.data, look]);
  useEffect(() => () => { void stage?.overlay('findings', null, look); }, [stage]);
  return (
    <div class="finding_list">
      <Answered of={answer}>
        {({ items }) => (
          <>
            <fieldset class="choice wide_choice"><legend class="hidden">{t('severity')}</legend>
              <label><input type="radio" name="severity" checked={!severity} onChange={() => go({ severity: null })} /><span>{t('all')} {numeral(items.length)}</span></label>
              {SEVERITIES.map((s) => <label key={s}><input type="radio" name="severity" checked={severity === s} onChange={() => go({ severity: s })} /><span>{t(s as Word)} {numeral(items.filter((f) => f.severity === s).length)}</span></label>)}
            </fieldset>
            <ul class="problems" tabIndex={0} aria-label={t('findings')}>{items.filter((f) => !severity || f.severity === severity).map((f) => <One key={f.id} f={f} onRepair={holds('coordinator') ? () => setRepair(f) : null} />)}</ul>
            {items.length === 0 && <p class="empty">{t('findings_none')}</p>}
          </>
        )}
      </Answered>
      {repair && (
        <PlanForm heading={t('repair')} title={`${repair.cell.name ?? ''} ${t('repair')}`} ready operations={() => repair.repair} onClose={() => setRepair(null)}>
          <p class="soft">{said(repair.message)}</p>
        </PlanForm>
      )}
    </div>
  );
}
