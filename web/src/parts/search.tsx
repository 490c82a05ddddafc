import { useEffect, useRef, useState } from 'preact/hooks';
import { get, type Schemas } from '../api/client';
import { mapDay } from '../state/asked';
import { go } from '../state/route';
import { area } from '../state/session';
import { t } from '../words';
import { useAnswer } from './answer';
import { Icon } from './icon';
import { Trouble } from './notice';

const DELAY = 200; // milliseconds after the last key

/** Cells and enterprises by a part of their name or by code. */
export function Search() {
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => { setAsked(text.trim()); setAt(0); }, DELAY);
    return () => clearTimeout(timer);
  }, [text]);
  const within = area.value!.cell.id, day = mapDay.value;
  const found = useAnswer(asked ? `${asked} ${within} ${day}` : null, (signal) => get('/api/v1/cells', { query: { q: asked, within: String(within), at: day, limit: 20 }, signal }));
  const items = (asked && found.data?.items) || [];
  const take = (cell: Schemas['Cell']) => {
    setText('');
    setAsked('');
    go({ view: 'map', cell: cell.id, zoom_to: cell.id, records: null });
  };
  const key = (e: KeyboardEvent) => {
    if (e.key === 'Escape') setText('');
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      e.preventDefault();
      setAt((n) => Math.max(0, Math.min(items.length - 1, n + (e.key === 'ArrowDown' ? 1 : -1))));
    }
    const item = items[at];
    if (e.key === 'Enter' && item) take(item);
  };
  return (
    <div class="search" role="search" ref={box} onBlur={(e) => { if (!box.current?.contains(e.relatedTarget as Node | null)) setText(''); }}>
      <Icon name="search" />
      <input type="search" role="combobox" aria-expanded={asked !== ''} aria-controls="search_list" aria-activedescendant={items.length ? `found_${at}` : undefined} aria-autocomplete="list"
        placeholder={t('search')} aria-label={t('search')} value={text} onInput={(e) => setText(e.currentTarget.value)} onKeyDown={key} />
      {asked && (
        <div class="sheet">
          {found.error && <Trouble error={found.error} retry={found.retry} />}
          {found.data && items.length === 0 && <p class="soft">{t('search_none', { q: asked })}</p>}
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
