import type { ComponentChildren } from 'preact';
import { Component } from 'preact';
import type { Refusal } from '../api/client';
import { t } from '../words';
import { fieldWord, problemTitle, told } from '../words/told';
import type { Asked } from './answer';

/** A sentence of the server's in the language of the page; one that nobody has put into Chinese as it came, below what kind of refusal it is. */
export function Sentence({ text, otherwise }: { text: string; otherwise?: string }) {
  const said = told(text);
  return said !== null ? <>{said}</> : <>{otherwise ?? t('refused')}<span class="foreign" lang="en">{text}</span></>;
}

/** What a refusal says beyond its errors, which its detail repeats. */
function beyond({ message, errors }: Refusal): string {
  const listed = errors.map((e) => `${e.field}: ${e.detail}`).join('; ');
  for (const told of [listed, errors[0]?.detail]) {
    if (told && message.endsWith(told)) return message.slice(0, -told.length).replace(/[\s:;]+$/, '');
    if (told && message.startsWith(`${told}; `)) return message.slice(told.length + 2);
  }
  return message;
}

/** Why something could not be had, and what to do. */
export function Trouble({ error, retry }: { error: Refusal; retry?: () => void }) {
  const title = problemTitle(error.type, error.title) || t('refused'), more = beyond(error);
  return (
    <div class="trouble" role="alert">
      <p>{error.status === 0 ? t('unreachable') : more ? <Sentence text={more} otherwise={title} /> : title}</p>
      {error.errors.map((e) => <p key={e.field} class="soft">{fieldWord(e.field)}{t('colon')}<Sentence text={e.detail} otherwise="" /></p>)}
      {retry && <button type="button" onClick={retry}>{t('retry')}</button>}
    </div>
  );
}

/** An answer, or that it is awaited, or why there is none. */
export function Answered<T>({ of, children }: { of: Asked<T>; children: (data: T) => ComponentChildren }) {
  if (of.error) return of.error.status === 401 ? null : <Trouble error={of.error} retry={of.retry} />;
  if (of.data === null) return of.busy ? <p class="waiting" role="status">{t('loading')}</p> : null;
  return <>{children(of.data)}</>;
}

/** The last net: what is broken is told with what to do, instead of an empty page. */
export class Boundary extends Component<{ children: ComponentChildren }, { error: Error | null }> {
  override state = { error: null as Error | null };
  static override getDerivedStateFromError(error: Error) { return { error }; }
  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <div class="trouble broken" role="alert">
        <h2>{t('broken')}</h2>
        <p>{t('broken_advice')}</p>
        <pre>{this.state.error.message}</pre>
        <button type="button" class="primary" onClick={() => location.reload()}>{t('reload')}</button>
      </div>
    );
  }
}
