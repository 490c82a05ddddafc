import type { Schemas } from '../api/client';
import { numeral } from '../format';
import { Go } from '../parts/top_bar';
import { isYear } from '../state/asked';
import { go } from '../state/route';
import { reasonWord, said, t, type Word } from '../words';

type Region = Schemas['KeyRegion'];
interface Cell { id: number; name: string; code: string }

/** Places gained towards the top are a change for the worse. */
function Trend({ of, word }: { of: Schemas['RegionTrend'] | undefined; word: 'previous' | 'year_before' }) {
  if (!of || (word === 'previous' && isYear.value)) return null;
  if (of.change === null) return <span class="soft">{t(word)} — <small>{reasonWord(of.reason)}</small></span>;
  const way = of.change > 0 ? 'worse' : of.change < 0 ? 'better' : 'same';
  return <span class={`change ${way}`}>{t(word)} {of.change > 0 ? '↑' : of.change < 0 ? '↓' : '→'}{numeral(Math.abs(Math.round(of.change * 10) / 10))} <small>{t(way)}</small></span>;
}

/** The score from 0 to 100 and its interval, on one scale for all regions. */
function Score({ of }: { of: NonNullable<Region['score']> }) {
  return (
    <div class="score" title={`${t('interval')} ${numeral(of.low)}–${numeral(of.high)}`}>
      <strong>{numeral(Math.round(of.value))}</strong>
      <span class="scale" aria-hidden="true"><b style={{ width: `${of.value}%` }} /><i style={{ left: `${of.low}%`, width: `${of.high - of.low}%` }} /></span>
      <small class="soft">{t('interval')} {numeral(Math.round(of.low))}–{numeral(Math.round(of.high))}</small>
    </div>
  );
}

function Components({ of }: { of: Region['components'] }) {
  const given = of.filter((c) => c.contribution > 0);
  if (given.length === 0) return null;
  return <p class="parts">{given.map((c) => <span key={c.component}>{t(`comp_${c.component}` as Word)} <b>{numeral(Math.round(c.contribution * 10) / 10)}</b></span>)}</p>;
}

function Responsible({ of }: { of: Region['responsible'] }) {
  return (
    <p class="people">
      {of.map((r, i) => {
        const person = r.person as unknown as { name: string } | null;
        return <span key={i}><small class="soft">{said(r)}</small> {r.vacant ? <b class="vacant">{t('vacant')}</b> : <>{person?.name}{r.acting && t('acting_mark')}</>}</span>;
      })}
    </p>
  );
}

function Entry({ region, level }: { region: Region; level: 'town' | 'village' }) {
  const cell = region.cell as unknown as Cell;
  return (
    <li class="region">
      <span class={`rank ${region.rank !== null && region.rank <= 3 ? 'top' : ''}`} aria-label={t('rank')}>{region.rank ?? '—'}</span>
      <div class="about">
        <h3><Go to={{ view: 'map', cell: cell.id, zoom_to: cell.id, within: null, level: level === 'village' ? null : level }} title={t('on_map')}>{cell.name}</Go></h3>
        <ul class="reasons">{region.reasons.slice(0, 4).map((r) => <li key={r.about}>{said(r)}</li>)}</ul>
        {region.rank !== null && <Components of={region.components} />}
        <Responsible of={region.responsible} />
      </div>
      <div class="side">
        {region.score ? <Score of={region.score} /> : <small class="soft">{t('no_rank')}</small>}
        <div class="trend"><Trend of={region.trend.previous} word="previous" /><Trend of={region.trend.year_before} word="year_before" /></div>
        <div class="links">
          {level === 'town' && <button type="button" class="link" onClick={() => go({ within: cell.id })}>{t('drill', { level: t('village') })}</button>}
          <button type="button" class="link" onClick={() => go({ records: region.links.enterprises })}>{t('todo_overdue_inspections')}</button>
          <button type="button" class="link" onClick={() => go({ records: region.links.hazards })}>{t('comp_open_hazards')}</button>
        </div>
      </div>
    </li>
  );
}

export function RegionList({ regions, level }: { regions: readonly Region[]; level: 'town' | 'village' }) {
  return <ol class="region_list">{regions.map((r) => <Entry key={(r.cell as unknown as Cell).id} region={r} level={level} />)}</ol>;
}
