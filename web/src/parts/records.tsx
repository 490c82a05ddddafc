import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal, send } from '../api/client';
import { numeral } from '../format';
import { language } from '../state/preferences';
import { go } from '../state/route';
import { t, type Word } from '../words';
import { Icon } from './icon';
import { Trouble } from './notice';
import { isOffMap, readOffMap } from './off_map';
import { Table } from './table';
import { columnsOf, type RecordItem } from './record_columns';

const PAGE = 200;
interface Page { items: RecordItem[]; next: string | null }

/** The address of a list in one form of answer, the whole of it. */
const sheet = (address: string, format: 'csv' | 'xlsx'): string => `${address}${address.includes('?') ? '&' : '?'}format=${format}${language.value === 'zh' ? '&lang=zh' : ''}`;
const listOf = (address: string): string => /^\/api\/v1\/(\w+)/.exec(address)?.[1] ?? '';
const isWord = (text: string): text is Word => ['hazards', 'inspections', 'patrols', 'accidents', 'enterprises', 'assignments'].includes(text);

function usePages(address: string) {
  const [pages, setPages] = useState<{ items: RecordItem[]; next: string | null; busy: boolean; error: Refusal | null }>({ items: [], next: null, busy: true, error: null });
  const read = async (after: string, before: RecordItem[]) => {
    setPages((p) => ({ ...p, busy: true, error: null }));
    try {
      if (isOffMap(address)) return setPages({ items: await readOffMap<RecordItem>(address), next: null, busy: false, error: null });
      const page = (await (await send(`${address}${address.includes('?') ? '&' : '?'}limit=${PAGE}${after && `&after=${encodeURIComponent(after)}`}`)).json()) as Page;
      setPages({ items: [...before, ...page.items], next: page.next, busy: false, error: null });
    } catch (e) {
      setPages((p) => ({ ...p, busy: false, error: e instanceof Refusal ? e : new Refusal(-1, String(e)) }));
    }
  };
  useEffect(() => { void read('', []); }, [address]);
  return { ...pages, more: () => void read(pages.next ?? '', pages.items) };
}

/** The very records that a number counts, over what is there; closing it is one step back. */
export function Records({ address }: { address: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const allowed = address.startsWith('/api/v1/');
  const pages = usePages(allowed ? address : '/api/v1/me');
  useEffect(() => { dialog.current?.showModal(); }, []);
  const close = () => go({ records: null });
  const list = listOf(address);
  if (!allowed) return null;
  return (
    <dialog ref={dialog} class="records" aria-labelledby="records_title" onCancel={(e) => { e.preventDefault(); close(); }} onClick={(e) => { if (e.target === dialog.current) close(); }}>
      <header>
        <h2 id="records_title">{isWord(list) ? t(list) : t('records')}{isOffMap(address) && ` · ${t('off_map_list')}`}</h2>
        <span class="soft" role="status">{pages.busy ? t('loading') : t(pages.next ? 'listed' : 'listed_all', { n: numeral(pages.items.length) })}</span>
        <span class="grow" />
        {!isOffMap(address) && <><a class="button" href={sheet(address, 'csv')} download>{t('download_csv')}</a> <a class="button" href={sheet(address, 'xlsx')} download>{t('download_xlsx')}</a></>}
        <button type="button" class="quiet" aria-label={t('close')} onClick={close}><Icon name="close" /></button>
      </header>
      {pages.error && <Trouble error={pages.error} retry={pages.more} />}
      {!pages.busy && !pages.error && pages.items.length === 0 && <p class="empty">{t('empty_list')}</p>}
      {pages.items.length > 0 && (
        <Table rows={pages.items} columns={columnsOf(list).filter((c) => pages.items.some((r) => r[c.key] !== null && r[c.key] !== undefined))} id={(r) => r.id} label={isWord(list) ? t(list) : t('records')}
          foot={pages.next && <p class="more"><button type="button" disabled={pages.busy} onClick={pages.more}>{t('page_more', { n: PAGE })}</button></p>} />
      )}
    </dialog>
  );
}
