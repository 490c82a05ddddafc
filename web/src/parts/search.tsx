import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { mapDay } from '../state/asked';
import { toDetail } from '../state/attention';
import { go } from '../state/route';
import { area } from '../state/session';
import { t } from '../words';
import { useAnswer } from './answer';
import { Icon } from './icon';
import { Trouble } from './notice';

const DELAY = 200; // milliseconds after the last key

/** What is found for a text, a moment after it was typed; `ask` does not wait for that moment. */
function useFound(text: string) {
  const [asked, ask] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => ask(text.trim()), DELAY);
    return () => clearTimeout(timer);
  }, [text]);
  const within = area.value!.cell.id, day = mapDay.value;
  const found = useAnswer(asked ? `${asked} ${within} ${day}` : null, (signal) => get('/api/v1/cells', { query: { q: asked, within: String(within), at: day, limit: 20 }, signal }));
  return { found, asked, ask, settled: text.trim() === asked && !found.busy };
}

/** Cells and enterprises by a part of their name or by code. */
export function Search() {
  const [text, setText] = useState('');
  const [shut, setShut] = useState(false); // the list; the text stays
  const [at, setAt] = useState(0);
  const [entered, setEntered] = useState(false); // before the answer was there
  const box = useRef<HTMLDivElement>(null);
  const { found, asked, ask, settled } = useFound(text);
  const items = (asked && found.data?.items) || [];
  const type = (typed: string) => { setText(typed); setShut(false); setEntered(false); };
  const take = (cell: Schemas['Cell']) => {
    type('');
    ask('');
    go({ view: 'map', cell: cell.id, zoom_to: cell.id, records: null });
  };
  useEffect(() => setAt(0), [asked]);
  useEffect(() => { // what is taken is of the text that stands there, never of one before
    if (!entered || !settled) return;
    setEntered(false);
    const item = items[at];
    if (item) { toDetail.value = true; take(item); }
  }, [entered, settled]);
  const key = (e: KeyboardEvent) => {
    if (e.isComposing) return; // the key is for the input method
    if (e.key === 'Escape') type('');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      setAt((n) => Math.max(0, Math.min(items.length - 1, n + (e.key === 'ArrowDown' ? 1 : -1))));
    }
    if (e.key === 'Enter' && text.trim()) { ask(text.trim()); setEntered(true); }
  };
  return (
    <div class="search" role="search" ref={box} onFocusIn={() => setShut(false)} onFocusOut={(e) => { if (!box.current?.contains(e.relatedTarget as Node | null)) setShut(true); }}>
      <Icon name="search" />
      <input type="search" role="combobox" aria-expanded={asked !== '' && !shut} aria-controls="search_list" aria-activedescendant={items.length ? `found_${at}` : undefined} aria-autocomplete="list"
        placeholder={t('search')} aria-label={t('search')} value={text} onInput={(e) => type(e.currentTarget.value)} onKeyDown={key} />
      {asked && !shut && (
        <div class="sheet" aria-busy={!settled}>
          {found.error && <Trouble error={found.error} retry={found.retry} />}
          {settled && found.data && items.length === 0 && <p class="soft">{t('search_none', { q: asked })}</p>}
          <ul id="search_list" role="listbox" aria-label={t('search')}>
            {items.map((cell, i) => (
              <li key={cell.id} id={`found_${i}`} role="option" aria-selected={i === at} tabIndex={-1} onMouseDown={(e) => { e.preventDefault(); take(cell); }}>
                {cell.name} <small>{t(cell.level)} · {cell.code}</small>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
