import { useState } from 'preact/hooks';
import { addressOf, Refusal, send } from '../api/client';
import { t } from '../words';
import { Icon } from './icon';
import { Trouble } from './notice';

/** What is seen as a map on paper, which the server draws: a PDF with legend, scale, window and 密级. */
export function PaperLink({ query }: { query: Record<string, string | number> }) {
  const [state, setState] = useState<{ busy: boolean; error: Refusal | null }>({ busy: false, error: null });
  const make = async () => {
    setState({ busy: true, error: null });
    try {
      const paper = URL.createObjectURL(await (await send(addressOf('/api/v1/maps', {}, { ...query, format: 'pdf' }))).blob());
      Object.assign(document.createElement('a'), { href: paper, download: `gridward-${query['within']}-${query['measure'] ?? query['theme']}.pdf` }).click();
      setTimeout(() => URL.revokeObjectURL(paper), 60_000);
      setState({ busy: false, error: null });
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setState({ busy: false, error: e });
    }
  };
  return (
    <span class="paper">
      <button type="button" disabled={state.busy} title={t('paper_text')} onClick={() => void make()}><Icon name="print" />{state.busy ? t('sending') : t('paper')}</button>
      {state.error && <Trouble error={state.error} retry={() => void make()} />}
    </span>
  );
}
