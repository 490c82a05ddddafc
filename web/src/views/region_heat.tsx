import { useEffect, useRef, useState } from 'preact/hooks';
import { Stage } from '../map/stage';
import { heatQuery, HeatLegend } from '../parts/heat';
import { mapDay, windowQuery } from '../state/asked';
import { extentOf } from '../state/extent';
import { theme } from '../state/preferences';
import { go } from '../state/route';
import { t } from '../words';

/** Where hazards were found, beside the list that says what needs attention. */
export function RegionHeat({ within }: { within: number }) {
  const box = useRef<HTMLDivElement>(null), stage = useRef<Stage | null>(null);
  const [made, setMade] = useState(false);
  const day = mapDay.value, look = theme.value, query = heatQuery(within, windowQuery.value);
  useEffect(() => {
    const s = (stage.current = new Stage(box.current!, theme.peek(), ({ cell }) => { if (cell !== null) go({ view: 'map', cell, level: 'town', layers: 'heat', within: null }); }, () => { /* its extent is not part of the address */ }, () => { if (box.current) box.current.dataset['idle'] = 'true'; }, () => { /* the page asks for the password by itself */ }));
    setMade(true);
    return () => { s.remove(); stage.current = null; };
  }, []);
  useEffect(() => { void stage.current?.showCells('towns', day, look); }, [made, day, look]);
  useEffect(() => { void stage.current?.showHeat(query); }, [made, query]);
  useEffect(() => { void extentOf(within).then((b) => { if (b) stage.current?.fit(b, false, 14); }); }, [made, within]);
  return (
    <section aria-labelledby="heat">
      <h2 id="heat">{t('layer_heat')}</h2>
      <div ref={box} class="heat_map" />
      <HeatLegend query={query} />
    </section>
  );
}
