import { useEffect, useMemo, useState } from 'preact/hooks';
import { t } from '../words';
import { Icon } from './icon';

/** Photos that are kept with something: several, each with its picture and a way to take it off again. */
export function Photos({ photos, onChange, children }: { photos: readonly File[]; onChange: (photos: File[]) => void; children: preact.ComponentChildren }) {
  const pictures = useMemo(() => photos.map((p) => URL.createObjectURL(p)), [photos]);
  useEffect(() => () => pictures.forEach((p) => URL.revokeObjectURL(p)), [pictures]);
  return (
    <div class="photos">
      <label class="button"><input type="file" class="hidden" accept="image/*" multiple onChange={(e) => { onChange([...photos, ...(e.currentTarget.files ?? [])]); e.currentTarget.value = ''; }} />{children}</label>
      {photos.map((p, i) => (
        <figure key={pictures[i]}><img src={pictures[i]} alt={p.name} /><button type="button" aria-label={t('photo_drop', { name: p.name })} title={t('photo_drop', { name: p.name })} onClick={() => onChange(photos.filter((_, j) => j !== i))}><Icon name="close" size={12} /></button></figure>
      ))}
    </div>
  );
}

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
