import { useMemo } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { figureText, percent } from '../format';
import { FONT } from '../map/layers';
import { rampOf } from '../map/palette';
import { useAnswer } from '../parts/answer';
import { Chart } from '../parts/chart';
import { Change, Counted } from '../parts/figures';
import { Answered } from '../parts/notice';
import { Table, type Column } from '../parts/table';
import { isYear, windowQuery } from '../state/asked';
import { recordsChanged } from '../state/changes';
import { language, theme } from '../state/preferences';
import { go } from '../state/route';
import { measureWord, t } from '../words';

const SHOWN = ['inspection_coverage', 'overdue_enterprises', 'overdue_hazards'] as const;
type Shown = (typeof SHOWN)[number];
interface Town { id: number; name: string; figures: Record<Shown, Schemas['Figure']> }

/** What the towns are compared with: the period before, of a year the year before. */
const beside = (): 'previous' | 'year_before' => (isYear.value ? 'year_before' : 'previous');

const INK = { light: { text: '#17212a', soft: '#53616d', line: '#d6dce1' }, dark: { text: '#e4ebf0', soft: '#a2b2be', line: '#33424d' } } as const;

function optionOf(towns: readonly Town[], look: 'light' | 'dark') {
  const ink = INK[look], rows = [...towns].sort((a, b) => (b.figures.inspection_coverage.value ?? -1) - (a.figures.inspection_coverage.value ?? -1)).reverse();
  const bar = (name: Shown, colour: string) => ({ name: measureWord(name), type: 'bar', barMaxWidth: 9, itemStyle: { color: colour }, data: rows.map((r) => r.figures[name].value) });
  return {
    textStyle: { fontFamily: FONT, color: ink.text }, animation: false,
    grid: { left: 8, right: 36, top: 30, bottom: 4, containLabel: true }, legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 9, textStyle: { color: ink.soft } },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, valueFormatter: (v: unknown) => (typeof v === 'number' ? percent(v) : '—') },
    xAxis: { type: 'value', min: 0, max: 1, axisLabel: { color: ink.soft, formatter: (v: number) => percent(v, 0) }, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: { type: 'category', data: rows.map((r) => r.name), axisTick: { show: false }, axisLabel: { color: ink.text }, axisLine: { lineStyle: { color: ink.line } } },
    series: [bar('inspection_coverage', rampOf('better', look)[3]!), bar('overdue_enterprises', rampOf('worse', look)[3]!)],
  };
}

const columns = (): Column<Town>[] => [
  { key: 'name', title: t('town'), sort: (r) => r.name, cell: (r) => <button type="button" class="link" onClick={() => go({ within: r.id })}>{r.name}</button> },
  ...SHOWN.map((name): Column<Town> => ({
    key: name, title: measureWord(name), numeric: true, sort: (r) => r.figures[name].value,
    cell: (r) => <>{figureText(name, r.figures[name])} <small class="soft">(<Counted n={r.figures[name].numerator} address={r.figures[name].records} />)</small> <Change of={r.figures[name][beside()]} name={name} unit="1" word={beside()} short /></>,
  })),
];

/** Coverage and what is overdue, town by town: as bars, and as numbers that open their records. */
export function TownFigures({ within }: { within: number }) {
  const window = windowQuery.value, look = theme.value, words = language.value;
  const answer = useAnswer(`towns ${within} ${JSON.stringify(window)}`, async (signal) => {
    const data = await get('/api/v1/figures', { query: { within: String(within), level: 'town', measures: SHOWN.join(','), compare: beside(), ...window }, signal });
    return data.rows.map((r): Town => { const cell = r.cell as unknown as { id: number; name: string }; return { id: cell.id, name: cell.name, figures: r.figures as Town['figures'] }; });
  }, recordsChanged.value);
  const option = useMemo(() => optionOf(answer.data ?? [], look), [answer.data, look, words]);
  return (
    <section aria-labelledby="by_town">
      <h2 id="by_town">{t('coverage_by_town')}</h2>
      <Answered of={answer}>
        {(towns) => (
          <>
            <Chart option={option} label={t('coverage_by_town')} height={Math.max(180, towns.length * 30 + 60)} />
            <Table rows={towns} columns={columns()} id={(r) => r.id} label={t('coverage_by_town')} />
          </>
        )}
      </Answered>
    </section>
  );
}
