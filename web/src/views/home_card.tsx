import type { ComponentChildren } from 'preact';
import { numeral } from '../format';
import { t } from '../words';

/** One kind of what waits: how many, the first of them, and the way to all. */
export function Card({ id, title, text, n, children, more }: { id: string; title: string; text: string; n: number | null; children?: ComponentChildren; more?: (() => void) | undefined }) {
  return (
    <section class="card" aria-labelledby={id}>
      <header><h2 id={id}>{title}</h2><span class="soft">{text}</span><span class="grow" /><strong class="big">{n === null ? '…' : numeral(n)}</strong></header>
      {n === 0 ? <p class="empty">{t('todo_none')}</p> : children}
      {more && n !== 0 && <footer><button type="button" class="link" onClick={more}>{t('open_list')}</button></footer>}
    </section>
  );
}
