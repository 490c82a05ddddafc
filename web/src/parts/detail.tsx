import { useEffect, useRef, useState } from 'preact/hooks';
import { get, follow, type Schemas } from '../api/client';
import { dayText, numeral } from '../format';
import { MEASURES } from '../measures';
import { toDetail } from '../state/attention';
import { chosen, mapDay, windowQuery, type Level } from '../state/asked';
import { mapChanged, peopleChanged, recordsChanged } from '../state/changes';
import { plusDays } from '../state/days';
import { nameOf } from '../state/names';
import { go, param } from '../state/route';
import { area, holds, posts } from '../state/session';
import { industryWord, kindWord, postWord, t } from '../words';
import { useAnswer } from './answer';
import { FigureList } from './figures';
import { HandOver, Told, type HandOverAsked } from './hand_over';
import { Icon } from './icon';
import { Answered } from './notice';
import { PlanForm } from './plan_form';
import { riskMark } from './record_columns';

type Link = Schemas['Chain']['chain'][number];
type Contact = Schemas['Chain']['contact_points'][number];
interface Held { person: { id: number; name: string; phone: string | null }; post: string; acting: boolean }

/** Who is responsible at one level; required posts that nobody holds stand as vacant. Whose work it is may hand a post over. */
function Holders({ link, onHandOver }: { link: Link; onHandOver: ((asked: HandOverAsked) => void) | null }) {
  const holders = link.holders as unknown as Held[];
  const vacant = posts.value.filter((p) => p.level === link.cell.level && p.required && !holders.some((h) => h.post === p.code));
  const button = (post: string, holder: string | null) => onHandOver && (
    <button type="button" class="link" aria-label={`${t('hand_over')} ${postWord(post)} ${link.cell.name}`} onClick={() => onHandOver({ cell: link.cell, post, holder })}>{t('hand_over')}</button>
  );
  return (
    <li>
      <button type="button" class="link" onClick={() => go({ cell: link.cell.id })}>{link.cell.name}</button> <small>{t(link.cell.level)}</small>
      <ul>
        {holders.map((h) => (
          <li key={`${h.post} ${h.person.id}`}>
            <span class="who">{h.person.name}{h.acting && <em>{t('acting_mark')}</em>}</span> <small>{postWord(h.post)}</small> <small class="phone">{h.person.phone}</small>
            {posts.value.find((p) => p.code === h.post)?.is_primary && button(h.post, h.person.name)}
          </li>
        ))}
        {vacant.map((p) => <li key={p.code}><span class="vacant"><Icon name="warn" size={13} /> {postWord(p.code)}{t('colon')}{t('vacant')}</span><span class="grow" />{button(p.code, null)}</li>)}
      </ul>
    </li>
  );
}

/** Who looks after these cells beside those who are responsible (责任联系点). */
function Contacts({ chain, contacts }: { chain: Link[]; contacts: Contact[] }) {
  return (
    <>
      <h3>{t('contact_points')}</h3>
      <ul class="chain contacts">
        {contacts.map((c) => (
          <li key={`${c.cell} ${c.person.id}`}>
            <span class="who">{c.person.name}</span> <small>{chain.find((link) => link.cell.id === c.cell)?.cell.name}</small> {c.visit_days !== null && <small>{t('visited_every', { days: c.visit_days })}</small>} <small class="phone">{c.person.phone}</small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The chain of people, with the form that hands over a post for who may do so. */
function People({ chain }: { chain: Link[] }) {
  const [asked, setAsked] = useState<HandOverAsked | null>(null);
  const may = holds('coordinator');
  return (
    <>
      <h3>{t('people')}</h3>
      {param('told') === 'handed_over' && <Told day={mapDay.value} />}
      <ul class="chain">{chain.map((link) => <Holders key={link.cell.id} link={link} onHandOver={may ? setAsked : null} />)}</ul>
      {asked && <HandOver asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function CellFigures({ cell }: { cell: Schemas['Cell'] }) {
  const window = windowQuery.value;
  const answer = useAnswer(`${cell.id} ${JSON.stringify(window)}`, (signal) =>
    get('/api/v1/figures', { query: { within: String(cell.id), level: cell.level as Level, measures: MEASURES.join(','), compare: 'year_before,previous', ...window }, signal }), recordsChanged.value);
  return (
    <Answered of={answer}>
      {(data) => {
        const row = data.rows[0];
        return row ? <FigureList figures={row.figures} /> : <p class="soft">{t('empty_list')}</p>;
      }}
    </Answered>
  );
}

function EnterpriseFacts({ cell }: { cell: Schemas['Cell'] }) {
  const answer = useAnswer(`enterprise ${cell.id} ${mapDay.value}`, (signal) => follow<{ items: Schemas['Enterprise'][] }>(`/api/v1/enterprises?cell=${cell.id}&at=${mapDay.value}&limit=1`, signal));
  const lists = (['hazards', 'inspections', 'patrols', 'accidents'] as const).map((list) => ({ list, address: `/api/v1/${list}?district=${cell.district}&enterprise=${cell.id}` }));
  return (
    <Answered of={answer}>
      {({ items: [e] }) => e ? (
        <>
          <dl class="facts">
            <dt>{t('col_risk')}</dt><dd>{riskMark(e.risk_grade)}</dd>
            <dt>{t('col_industry')}</dt><dd>{industryWord(e.industry)}</dd>
            <dt>{t('col_headcount')}</dt><dd>{e.headcount === null ? '—' : numeral(e.headcount)}</dd>
            <dt>{t('col_principal')}</dt><dd>{e.principal ?? '—'} <small class="phone">{e.phone}</small></dd>
            <dt>{t('col_department')}</dt><dd>{e.lead_department ?? '—'}</dd>
          </dl>
          <p class="buttons">{lists.map(({ list, address }) => <button key={list} type="button" onClick={() => go({ records: address })}>{t(list)}</button>)}</p>
        </>
      ) : <p class="soft">{t('empty_list')}</p>}
    </Answered>
  );
}

function CellHead({ cell }: { cell: Schemas['Cell'] }) {
  return (
    <header>
      <div>
        <h2>{cell.name}</h2>
        <p class="soft">{kindWord(cell.kind)} · {cell.code}{cell.area_km2 !== null ? ` · ${numeral(cell.area_km2)} km²` : cell.level !== 'enterprise' && ` · ${t('no_shape')}`}{cell.valid.from && ` · ${t('valid_since', { day: dayText(cell.valid.from) })}`}</p>
      </div>
      <span class="grow" />
      {cell.area_km2 !== null && <button type="button" class="quiet" title={t('zoom_to')} aria-label={t('zoom_to')} onClick={() => go({ zoom_to: cell.id })}><Icon name="frame" /></button>}
      <button type="button" class="quiet" aria-label={t('close')} onClick={() => go({ cell: null })}><Icon name="close" /></button>
    </header>
  );
}

/** A cell that is not alive on the day: when it was, the way there, and for a coordinator a plan in which it exists again. */
function Gone({ cell }: { cell: number }) {
  const [reopens, setReopens] = useState(false);
  const answer = useAnswer(`life ${cell}`, (signal) => get('/api/v1/cells/{cell}/history', { path: { cell }, signal }));
  return (
    <Answered of={answer}>
      {({ life }) => {
        const valid = life[0]?.valid as unknown as { from: string | null; to: string | null } | undefined;
        const last = valid?.to ? plusDays(valid.to, -1) : null;
        return (
          <div class="empty">
            <p>{t('gone', { day: dayText(mapDay.value), from: dayText(valid?.from ?? null), to: dayText(last) })}</p>
            {last && <p class="buttons"><button type="button" onClick={() => go({ day: last })}>{t('go_to_day', { day: dayText(last) })}</button>{holds('coordinator') && <button type="button" onClick={() => setReopens(true)}>{t('op_reopen')}</button>}</p>}
            {reopens && <PlanForm heading={t('op_reopen')} title={`${nameOf(cell)} ${t('op_reopen')}`} ready operations={() => [{ kind: 'reopen', cell: String(cell) }]} onClose={() => setReopens(false)}><p class="soft">{nameOf(cell)}</p></PlanForm>}
          </div>
        );
      }}
    </Answered>
  );
}

/** The chosen cell: the chain of people, and its figures. */
export function Detail() {
  const id = chosen.value ?? area.value!.cell.id;
  const answer = useAnswer(`chain ${id} ${mapDay.value} ${param('told')}`, (signal) => get('/api/v1/cells/{cell}/ancestors', { path: { cell: id }, query: { at: mapDay.value }, signal }), peopleChanged.value + mapChanged.value);
  const frame = useRef<HTMLElement>(null), there = answer.data !== null && !answer.busy;
  useEffect(() => { if (there && toDetail.peek()) { toDetail.value = false; frame.current?.focus(); } }, [there, id]);
  return (
    <aside ref={frame} tabIndex={-1} class="detail" aria-label={t('detail')} data-cell={answer.data && !answer.busy ? id : undefined}>
      {answer.error?.status === 404 ? <Gone cell={id} /> : <Answered of={answer}>
        {({ chain, contact_points }) => {
          const cell = chain[0]?.cell;
          return cell ? (
            <>
              <CellHead cell={cell} />
              <People chain={chain} />
              {contact_points.length > 0 && <Contacts chain={chain} contacts={contact_points} />}
              <h3>{t('figures')}</h3>
              {cell.level === 'enterprise' ? <EnterpriseFacts cell={cell} /> : <CellFigures cell={cell} />}
            </>
          ) : <p class="soft">{t('choose_cell')}</p>;
        }}
      </Answered>}
    </aside>
  );
}
