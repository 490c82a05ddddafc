import type { Schemas } from '../api/client';
import { changeText, figureText, intervalText, numeral, pointsText, unitText, valueText } from '../format';
import { dependsOnEffort, MEASURE_GROUPS, tendencyOf } from '../measures';
import { go } from '../state/route';
import { isYear, measure } from '../state/asked';
import { measureWord, reasonWord, t, unitWord, type Word } from '../words';

type Figure = Schemas['Figure'];
type Earlier = Schemas['Earlier'];

/** A number that opens the records it counts. */
export function Counted({ n, address, unit }: { n: number; address: string | null; unit?: string }) {
  const shown = `${numeral(n)}${unit ? ` ${unit}` : ''}`;
  return address ? <a class="count" href={address} onClick={(e) => { e.preventDefault(); go({ records: address }); }}>{shown}</a> : <>{shown}</>;
}

/** How a figure moved against another window: in words and a sign, never by colour alone; an interval that holds 0 is no change. */
export function Change({ of, name, unit, word, short = false }: { of: Earlier | undefined; name: string; unit: string; word: 'previous' | 'year_before'; short?: boolean }) {
  if (!of || (word === 'previous' && isYear.value)) return null;
  if (of.change === null) return <span class="soft nowrap" title={`${t(word)} ${reasonWord(of.reason)}`}>{short ? '' : `${t(word)} `}—</span>;
  const told = of.change_low === null || of.change_high === null || of.change_low > 0 || of.change_high < 0;
  const tendency = tendencyOf(name);
  const way = of.change === 0 || !told || tendency === 'plain' ? 'same' : (of.change > 0) === (tendency === 'better') ? 'better' : 'worse';
  return (
    <span class={`change ${way} nowrap`} title={of.value === null ? '' : `${t(word)} ${valueText(of.value, unit)} · ${t(told ? way : 'not_significant')}`}>
      {short ? '' : `${t(word)} `}{of.change > 0 ? '↑' : of.change < 0 ? '↓' : '→'}{short ? pointsText(Math.abs(of.change), unit) : changeText(Math.abs(of.change), unit)}
    </span>
  );
}

function FigureLine({ name, f }: { name: string; f: Figure }) {
  const interval = intervalText(f);
  return (
    <tr class={measure.value === name ? 'chosen' : ''}>
      <th scope="row"><button type="button" class="link" onClick={() => go({ measure: name })}>{measureWord(name)}</button></th>
      <td class="numeric">
        <strong class={f.value === null ? 'soft' : ''}>{figureText(name, f)}</strong> {f.value !== null && <small>{unitText(name, f.unit)}</small>}
        {interval && <small class="block" title={t('interval')}>[{interval}]</small>}
        <small class="block">
          <Counted n={f.numerator} address={f.records} />{f.denominator !== null && <> / <Counted n={f.denominator} address={f.base_records} unit={unitWord(f.denominator_unit)} /></>}
        </small>
        {(f.previous ?? f.year_before) && <small class="block"><Change of={f.previous} name={name} unit={f.unit} word="previous" /> <Change of={f.year_before} name={name} unit={f.unit} word="year_before" /></small>}
      </td>
    </tr>
  );
}

/** Figures of one cell by group, each with its interval, its change and its records. */
export function FigureList({ figures }: { figures: Record<string, Figure> }) {
  return (
    <>
      {MEASURE_GROUPS.map(({ group, measures }) => {
        const here = measures.filter((m) => figures[m]);
        return here.length === 0 ? null : (
          <details key={group} open={here.includes(measure.value) || group === 'hazards' || group === 'inspections'}>
            <summary>{t(`group_${group}` as Word)}</summary>
            <table class="figures"><tbody>{here.map((m) => <FigureLine key={m} name={m} f={figures[m]!} />)}</tbody></table>
            {here.some(dependsOnEffort) && <p class="note">{t('effort_note')}</p>}
          </details>
        );
      })}
    </>
  );
}
