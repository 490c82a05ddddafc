import { useState } from 'preact/hooks';
import { t } from '../words';

/** A button that opens the browser's choice of files, in the page's own words; the browser's would be in its own language. */
export function FileButton({ accept, onFile, children }: { accept: string; onFile: (file: File | null) => void; children: preact.ComponentChildren }) {
  const [name, setName] = useState('');
  const take = (file: File | null) => { setName(file?.name ?? ''); onFile(file); };
  return (
    <span class="file_button">
      <label class="button"><input type="file" class="hidden" accept={accept} onChange={(e) => take(e.currentTarget.files?.[0] ?? null)} />{children}</label>
      <span class="soft">{name || t('file_none')}</span>
    </span>
  );
}
