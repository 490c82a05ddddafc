import { useEffect, useRef } from 'preact/hooks';
import { openForm } from '../parts/dialog';
import { Icon } from '../parts/icon';
import { t } from '../words';

/** Asks an approver for what is to stand beside the approval (批准意见), which may be nothing. */
export function ApproveForm({ title, onApprove, onClose }: { title: string; onApprove: (comment: string) => void; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => openForm(dialog.current), []);
  return (
    <dialog ref={dialog} class="form" aria-labelledby="approve_title" onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <form onSubmit={(e) => { e.preventDefault(); onApprove(String(new FormData(e.currentTarget).get('comment')).trim()); }}>
        <header><h2 id="approve_title">{t('approve_title')}</h2><span class="grow" /><button type="button" class="quiet" aria-label={t('close')} onClick={onClose}><Icon name="close" /></button></header>
        <p><strong>{title}</strong></p>
        <label>{t('approve_comment')}<textarea name="comment" rows={3} maxLength={2000} /></label>
        <footer><button type="button" onClick={onClose}>{t('cancel')}</button><button class="primary">{t('step_approve')}</button></footer>
      </form>
    </dialog>
  );
}
