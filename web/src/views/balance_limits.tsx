import { nameOf } from '../state/names';
import { apart, locked, setApart, setLocked } from '../state/proposal';
import { clear, selected } from '../state/selection';
import { t } from '../words';

const named = (cells: readonly number[]): string => (cells.length > 4 ? t('and_others', { names: cells.slice(0, 4).map(nameOf).join(t('list_comma')) }) : cells.map(nameOf).join(t('list_comma')));

function Limit({ text, onRemove }: { text: string; onRemove: () => void }) {
  return <li><span>{text}</span> <button type="button" class="link" aria-label={`${t('limit_remove')} ${text}`} onClick={onRemove}>{t('limit_remove')}</button></li>;
}

/** What a proposal must leave as it is: villages that stay with their officer, and sides of a river or road that no zone joins. Both are made of the villages that are selected, on the map or in a list. */
export function BalanceLimits() {
  const cells = selected.value, kept = locked.value, sides = apart.value;
  const take = (put: () => void) => { put(); clear(); };
  return (
    <fieldset class="limits">
      <legend>{t('limits')}</legend>
      <p class="note">{cells.length === 0 ? t('limits_text') : t('selected', { n: cells.length })}</p>
      {cells.length > 0 && (
        <p class="buttons">
          <button type="button" onClick={() => take(() => setLocked([...new Set([...kept, ...cells])]))}>{t('limit_lock')}</button>
          <button type="button" onClick={() => take(() => setApart([...sides, cells]))}>{t('limit_apart')}</button>
        </p>
      )}
      {kept.length + sides.length > 0 && (
        <ul>
          {kept.length > 0 && <Limit text={t('limit_locked', { names: named(kept), n: kept.length })} onRemove={() => setLocked([])} />}
          {sides.map((side, i) => <Limit key={side.join()} text={t('limit_side', { names: named(side) })} onRemove={() => setApart(sides.filter((_, k) => k !== i))} />)}
        </ul>
      )}
    </fieldset>
  );
}
