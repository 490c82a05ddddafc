import { useState } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { dayText, figureText, intervalText, numeral, unitText } from '../format';
import { useAnswer } from '../parts/answer';
import { Change, Counted } from '../parts/figures';
import { Icon } from '../parts/icon';
import { Answered } from '../parts/notice';
import { PaperLink } from '../parts/paper_link';
import { Go } from '../parts/top_bar';
import { windowKind, windowQuery } from '../state/asked';
import { recordsChanged } from '../state/changes';
import { plusDays } from '../state/days';
import { go, param } from '../state/route';
import { area } from '../state/session';
import { measureWord, said, t } from '../words';
import { WindowChoice } from './map_ask';
import { RegionHeat } from './region_heat';
import { RegionList } from './region_list';
import { TownFigures } from './region_towns';

const HEADLINES = ['open_hazard_density', 'overdue_hazards', 'on_time_rate', 'inspection_coverage', 'overdue_enterprises', 'accidents'] as const;
const FIRST = 10; // regions shown before the rest is asked for

type Level = 'town' | 'village';
/** Whose regions are ranked: the area, or a town that was drilled into. */
const within = (): number => Number(param('within')) || area.value!.cell.id;
const levelOf = (): Level => (param('rank') === 'village' || param('within') || area.value!.cell.level === 'town' ? 'village' : 'town');

function useRegions() {
  const cell = within(), level = levelOf(), window = windowQuery.value;
  return useAnswer(`regions ${cell} ${level} ${JSON.stringify(window)}`, (signal) => get('/api/v1/key-regions', { query: { within: String(cell), level, ...window }, signal }), recordsChanged.value);
}

function Headline({ name, f }: { name: string; f: Schemas['Figure'] }) {
  return (
    <li>
      <span class="soft">{measureWord(name)}</span>
      <strong>{figureText(name, f)} <small>{unitText(name, f.unit)}</small></strong>
      <small class="soft">{f.denominator === null ? <Counted n={f.numerator} address={f.records} /> : <><Counted n={f.numerator} address={f.records} /> / <Counted n={f.denominator} address={f.base_records} /></>} {intervalText(f) && `[${intervalText(f)}]`}</small>
      <span><Change of={f.previous} name={name} unit={f.unit} word="previous" /> <Change of={f.year_before} name={name} unit={f.unit} word="year_before" /></span>
    </li>
  );
}

/** The whole of the area in this period against the last and the year before. */
function Headlines() {
  const cell = area.value!.cell, window = windowQuery.value, id = within();
  const level = id === cell.id ? cell.level : 'town';
  const answer = useAnswer(`headlines ${id} ${JSON.stringify(window)}`, (signal) =>
    get('/api/v1/figures', { query: { within: String(id), level: level as 'town', measures: HEADLINES.join(','), compare: 'year_before,previous', ...window }, signal }), recordsChanged.value);
  return <Answered of={answer}>{(data) => <ul class="headlines">{HEADLINES.map((name) => { const f = data.rows[0]?.figures[name]; return f && <Headline key={name} name={name} f={f} />; })}</ul>}</Answered>;
}

function Head({ until, window }: { until: string | null; window: Schemas['Window'] | null }) {
  const town = useAnswer(param('within') ? `cell ${param('within')}` : null, (signal) => get('/api/v1/cells/{cell}', { path: { cell: param('within') }, signal }));
  return (
    <header class="page_head">
      <h1>
        {param('within') && <><Go to={{ within: null }}>{area.value!.cell.name}</Go> <Icon name="right" size={12} /> </>}{town.data?.name ?? area.value!.cell.name} · {t('regions')}
      </h1>
      <span class="soft">{window && `${dayText(window.from)} – ${dayText(plusDays(window.to, -1))}`}{until && ` · ${t('data_until', { day: dayText(until) })}`}</span>
      <span class="grow" />
      <form class="ask plain" onSubmit={(e) => e.preventDefault()}>
        {!param('within') && area.value!.cell.level === 'district' && (
          <fieldset class="choice"><legend class="hidden">{t('level')}</legend>
            {(['town', 'village'] as const).map((l) => <label key={l}><input type="radio" name="rank" checked={levelOf() === l} onChange={() => go({ rank: l === 'town' ? null : l })} /><span>{t(l)}</span></label>)}
          </fieldset>
        )}
        <WindowChoice key={windowKind.value} />
        <PaperLink query={{ within: within(), level: levelOf(), theme: 'key-regions', ...windowQuery.value }} />
        <button type="button" onClick={() => print()}><Icon name="print" />{t('print')}</button>
      </form>
    </header>
  );
}

/** 重点区域: what a leader reads. Which areas need attention, why, since when, and who is responsible. */
export function RegionsView() {
  const regions = useRegions();
  const [all, setAll] = useState(false);
  return (
    <div class="regions" data-ready={regions.data && !regions.busy ? 'true' : undefined}>
      <Head until={regions.data?.data_until ?? null} window={regions.data?.window ?? null} />
      <Headlines />
      <div class="columns">
        <section aria-labelledby="ranked">
          <h2 id="ranked">{t('ranked')}</h2>
          <Answered of={regions}>
            {(data) => (
              <>
                <p class="note">{said(data.ranking)}</p>
                <RegionList regions={all ? data.ranked : data.ranked.slice(0, FIRST)} level={levelOf()} />
                {!all && data.ranked.length > FIRST && <p><button type="button" onClick={() => setAll(true)}>{t('page_more', { n: numeral(data.ranked.length - FIRST) })}</button></p>}
              </>
            )}
          </Answered>
        </section>
        <div>
          <RegionHeat within={within()} />
          {levelOf() === 'town' && <TownFigures within={within()} />}
          <section aria-labelledby="insufficient">
            <h2 id="insufficient">{t('insufficient')}</h2>
            <p class="note">{t('insufficient_note')}</p>
            <Answered of={regions}>{(data) => (data.insufficient.length ? <RegionList regions={data.insufficient} level={levelOf()} /> : <p class="empty">{t('empty_list')}</p>)}</Answered>
          </section>
        </div>
      </div>
    </div>
  );
}
