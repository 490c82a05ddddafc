import { useEffect, useRef, useState } from 'preact/hooks';
import { post, type Schemas } from '../api/client';
import { figureText, numeral, unitText } from '../format';
import { ZONES } from '../map/palette';
import { Stage } from '../map/stage';
import { useAnswer } from '../parts/answer';
import { Answered } from '../parts/notice';
import { expire } from '../state/credential';
import { plusDays } from '../state/days';
import { extentOf, type Box } from '../state/extent';
import { nameOf, personName } from '../state/names';
import { theme } from '../state/preferences';
import { measureWord, postWord, t } from '../words';

type Plan = Schemas['Reassignment'];
type Operation = Schemas['Operation'];
interface FigureCell { id: number; name: string; code: string }
interface FigureSide { cell: FigureCell; figures: Record<string, Schemas['Figure']> }

const MEASURES = ['open_hazard_density', 'overdue_hazards', 'inspection_coverage', 'officers_per_100_enterprises', 'hazards_per_enterprise'] as const;
const LOOKED = 40; // cells whose extent is looked up to frame the maps

/** To whom or what each touched cell belongs, before and after: a holder, or a town. */
export function belongings(plan: Plan): { cell: number; before: string; after: string }[] {
  return plan.operations.filter((o) => o.state === 'active').flatMap((o) => {
    const body = o.body as unknown as Operation, was = o.was as unknown as { holders?: number[]; parent?: number | null } | null;
    const own = (c: string) => ({ cell: Number(c), before: `c${c}`, after: `c${body.into?.cell ?? body.cell ?? c}` });
    switch (o.kind) {
      case 'assign': return [{ cell: Number(body.cell), before: `p${was?.holders?.[0] ?? 0}`, after: `p${body.person ?? 0}` }];
      case 'move_cell': return [{ cell: Number(body.cell), before: `c${was?.parent}`, after: `c${body.parent}` }];
      case 'merge': return (body.sources ?? []).map(own);
      case 'split': return [own(body.cell!)];
      case 'boundary': { // what the new border leaves out is its neighbour's; the new shape lies over it
        const beside = body.geometry && body.with ? body.with : body.cell!;
        return [{ ...own(body.cell!), after: `c${beside}` }, ...(beside === body.cell ? [] : [{ cell: Number(beside), before: `c${beside}`, after: `c${beside}` }])];
      }
      default: return [];
    }
  }).filter((b) => Number.isInteger(b.cell));
}

const ownerWord = (owner: string, district: number): string => (owner === 'p0' ? t('vacant') : owner[0] === 'p' ? personName(district, Number(owner.slice(1))) : nameOf(Number(owner.slice(1))));

/** What a plan draws, over the map of afterwards: land in the colour of whose it becomes, lines as they cut. */
function drawnBy(plan: Plan, colourOf: (owner: string) => string): GeoJSON.FeatureCollection {
  const features = plan.operations.filter((o) => o.state === 'active').flatMap((o): GeoJSON.Feature[] => {
    const body = o.body as unknown as Operation, geometry = body.geometry ?? body.gains ?? body.line;
    return geometry ? [{ type: 'Feature', properties: { colour: colourOf(`c${body.cell}`) }, geometry: geometry as unknown as GeoJSON.Geometry }] : [];
  });
  return { type: 'FeatureCollection', features };
}

/** One of the two maps: the touched cells in the colours of their owners, and what the plan draws. */
function Side({ when, colours, box, day, drawn }: { when: 'before' | 'after'; colours: Map<number, string>; box: Box | null; day: string; drawn: GeoJSON.FeatureCollection | null }) {
  const frame = useRef<HTMLDivElement>(null), stage = useRef<Stage | null>(null);
  const [made, setMade] = useState(false);
  const look = theme.value;
  useEffect(() => {
    const s = (stage.current = new Stage(frame.current!, theme.peek(), () => { /* nothing to choose here */ }, () => { /* its extent is not part of the address */ }, () => { if (frame.current) frame.current.dataset['idle'] = 'true'; }, expire));
    setMade(true);
    return () => { s.remove(); stage.current = null; };
  }, []);
  useEffect(() => { void stage.current?.showCells('villages', day, look); }, [made, day, look]);
  useEffect(() => { void stage.current?.colour({ swatches: [], zero: '', colours, noData: [], notSignificant: [], zeros: false }, false); }, [made, colours, day, look]);
  useEffect(() => { if (box) stage.current?.fit(box, false, 24); }, [made, box]);
  useEffect(() => { void stage.current?.overlay('becomes', drawn, look); }, [made, drawn, day, look]);
  return <figure class="side_map"><figcaption>{t(when)}</figcaption><div ref={frame} class="heat_map" /></figure>;
}

function Maps({ plan }: { plan: Plan }) {
  const owned = belongings(plan), day = ['applied', 'acknowledged', 'reverted'].includes(plan.status) ? plusDays(plan.effective_on, -1) : plan.effective_on;
  const owners = [...new Set(owned.flatMap((b) => [b.before, b.after]))];
  const colourOf = (owner: string) => ZONES[owners.indexOf(owner) % ZONES.length]!;
  const frame = useAnswer(`frame ${plan.id} ${plan.version}`, async () => {
    const boxes = (await Promise.all(owned.slice(0, LOOKED).map((b) => extentOf(b.cell)))).filter((b) => b !== null);
    return boxes.length ? boxes.reduce((a, b): Box => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]) : null;
  });
  const [drawn] = useState(() => { const all = drawnBy(plan, colourOf); return all.features.length ? all : null; });
  const [colours] = useState(() => ({ before: new Map(owned.map((b) => [b.cell, colourOf(b.before)])), after: new Map(owned.map((b) => [b.cell, colourOf(b.after)])) }));
  if (owned.length === 0) return null;
  return (
    <>
      <div class="side_by_side">{(['before', 'after'] as const).map((w) => <Side key={w} when={w} colours={colours[w]} box={frame.data} day={day} drawn={w === 'after' ? drawn : null} />)}</div>
      <ul class="owners zones">{owners.map((o) => <li key={o}><i style={{ background: colourOf(o) }} />{ownerWord(o, plan.district)}</li>)}</ul>
    </>
  );
}

function Figures({ rows }: { rows: { before: FigureSide | null; after: FigureSide | null }[] }) {
  return (
    <div class="wide_table" tabIndex={0} role="region" aria-label={t('compare')}>
      <table class="operations">
        <thead><tr><th scope="col">{t('cells')}</th>{MEASURES.map((m) => <th key={m} scope="col" class="numeric">{measureWord(m)}</th>)}</tr></thead>
        <tbody>
          {rows.map(({ before, after }) => {
            const cell = (after ?? before)!.cell;
            return (
              <tr key={cell.id}><th scope="row">{cell.name}</th>
                {MEASURES.map((m) => {
                  const a = before?.figures[m], b = after?.figures[m], unit = (a ?? b)?.unit ?? '';
                  const x = a ? figureText(m, a) : '—', y = b ? figureText(m, b) : '—';
                  return <td key={m} class="numeric">{x === y ? <span class="soft">{x}</span> : <><span class="soft">{x}</span> → <strong>{y}</strong></>} <small class="soft">{unitText(m, unit)}</small></td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Effects({ of, enterprises, district }: { of: { open_hazards: number; open_cases: number; posts: { cell: number; post: string; before: number[]; after: number[] }[] }; enterprises: number; district: number }) {
  const names = (ids: number[]) => ids.map((id) => personName(district, id)).join(t('list_comma')) || t('vacant');
  return (
    <>
      <p class="soft">{t('effects', { e: numeral(enterprises), h: numeral(of.open_hazards), c: numeral(of.open_cases), p: numeral(of.posts.length) })}</p>
      {of.posts.length > 0 && <ul class="effects">{of.posts.slice(0, 20).map((p) => <li key={`${p.cell} ${p.post}`}>{nameOf(p.cell)} · {postWord(p.post)}{t('colon')}<span class="soft">{names(p.before)}</span> → {names(p.after)}</li>)}</ul>}
    </>
  );
}

/** The map and the figures before and after a plan, side by side. */
export function Compare({ plan }: { plan: Plan }) {
  const [open, setOpen] = useState(false);
  const foreseen = ['draft', 'approved', 'scheduled', 'blocked'].includes(plan.status) && plan.operations.some((o) => o.state === 'active');
  const answer = useAnswer(open && foreseen ? `compare ${plan.id} ${plan.version}` : null, async (signal) => {
    const at = (level: 'town' | 'village') =>
      post('/api/v1/reassignments/{id}/compare', { path: { id: plan.id }, query: { level, from: plusDays(plan.effective_on, -365), to: plan.effective_on, measures: MEASURES.join(',') }, signal });
    const towns = await at('town'), villages = await at('village');  // one after the other: the first carries the plan out, and what it makes is kept
    return { ...towns, rows: [...towns.rows, ...villages.rows] };
  });
  if (!open) return <p class="buttons"><button type="button" onClick={() => setOpen(true)}>{t('compare')}</button></p>;
  return (
    <section class="compare" aria-labelledby="compare" data-ready={answer.data || !foreseen ? 'true' : undefined}>
      <h3 id="compare">{t('compare')}</h3>
      <Maps key={plan.version} plan={plan} />
      {foreseen && <Answered of={answer}>{(data) => <><Effects of={data.effects} enterprises={data.affected.enterprises} district={plan.district} /><Figures rows={data.rows as unknown as { before: FigureSide | null; after: FigureSide | null }[]} /></>}</Answered>}
    </section>
  );
}
