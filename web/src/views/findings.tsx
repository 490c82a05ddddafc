import { get, type Schemas } from '../api/client';
import { numeral } from '../format';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { Table } from '../parts/table';
import { today } from '../state/asked';
import { mapChanged, peopleChanged } from '../state/changes';
import { go } from '../state/route';
import { area } from '../state/session';
import { said, t } from '../words';

type Finding = Schemas['Finding'];
const ORDER = ['error', 'warning', 'note'];

/** What is wrong with the hierarchy as it is today, each with the way to its cell. */
export function Findings() {
  const within = area.value!.cell.id, at = today.value;
  const answer = useAnswer(`findings ${within} ${at}`, (signal) => get('/api/v1/findings', { query: { within: String(within), at, limit: 1000 }, signal }), mapChanged.value + peopleChanged.value);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{t('findings')} {answer.data && <span class="soft">{numeral(answer.data.items.length)}{answer.data.next ? '+' : ''}</span>}</h2>
      <Answered of={answer}>
        {({ items }) => items.length === 0 ? <p class="empty">{t('findings_none')}</p> : (
          <Table rows={items} id={(f: Finding) => f.id} label={t('findings')} columns={[
            { key: 'severity', title: t('severity'), width: '64px', sort: (f) => ORDER.indexOf(f.severity), cell: (f) => <span class={f.severity === 'error' ? 'vacant' : ''}>{t(f.severity)}</span> },
            { key: 'cell', title: t('cells'), sort: (f) => f.cell.name, cell: (f) => <button type="button" class="link" onClick={() => go({ view: 'map', cell: f.cell.id, zoom_to: f.cell.id, plan: null })}>{f.cell.name}</button> },
            { key: 'message', title: t('finding'), cell: (f) => <span title={said(f.message)}>{said(f.message)}</span> },
          ]} />
        )}
      </Answered>
    </section>
  );
}
