import type { Schemas } from '../api/client';
import { figureText, numeral, partsText, unitText } from '../format';
import { Go } from '../parts/top_bar';
import { measureWord, t } from '../words';

type Alters = Schemas['PlanAlters'];
type Altered = Alters['assessments'][number]['figures'][number];
const SHOWN = 20; // figures of each assessment

const nameOfRow = (f: Altered): string => (f.part === 'unplaced' ? t('unplaced') : `${(f.cell as { name?: string }).name}${f.part === 'direct' ? ` · ${t('direct')}` : ''}`);

function Value({ of, f }: { of: Schemas['AlteredValue'] | null; f: Altered }) {
  return <>{of ? figureText(f.measure, { value: of.value, unit: f.unit, low: null, high: null, reason: of.reason }) : '—'}{of && <small class="soft">{partsText(of)}</small>}</>;
}

/** Which figures of signed assessments a plan would alter: as signed, as known now, and as known after it. Nothing where it corrects no day of one. */
export function Alters({ of }: { of: Alters }) {
  if (of.assessments.length + of.hidden === 0) return null;
  return (
    <section class="alters" aria-labelledby="alters">
      <h3 id="alters" class="told">{t('alters', { n: numeral(of.assessments.length + of.hidden) })}</h3>
      {of.assessments.map(({ assessment, count, figures }) => (
        <div key={assessment.id} class="wide_table" tabIndex={0} role="region" aria-label={assessment.title}>
          <table class="operations">
            <caption><Go to={{ view: 'assessments', assessment: assessment.id }}>{t('alters_of', { title: assessment.title, n: numeral(count) })}</Go></caption>
            <thead><tr><th scope="col">{t('name')}</th><th scope="col">{t('measure')}</th><th scope="col" class="numeric">{t('assessment_value')}</th><th scope="col" class="numeric">{t('alters_before')}</th><th scope="col" class="numeric">{t('alters_after')}</th></tr></thead>
            <tbody>
              {figures.slice(0, SHOWN).map((f, i) => (
                <tr key={i}><th scope="row">{nameOfRow(f)}</th><td>{measureWord(f.measure)} <small class="soft">{unitText(f.measure, f.unit)}</small></td>
                  <td class="numeric"><Value of={f.signed} f={f} /></td><td class="numeric soft"><Value of={f.before} f={f} /></td><td class="numeric"><strong><Value of={f.after} f={f} /></strong></td></tr>
              ))}
            </tbody>
          </table>
          {count > SHOWN && <p class="note">{t('rows_of', { n: `${SHOWN} / ${numeral(count)}` })}</p>}
        </div>
      ))}
      {of.hidden > 0 && <p class="note">{t('alters_hidden', { n: numeral(of.hidden) })}</p>}
    </section>
  );
}
