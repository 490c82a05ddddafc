import { useEffect, useRef, useState } from 'preact/hooks';
import { Refusal } from '../api/client';
import { Sentence } from '../parts/notice';
import { door } from '../state/credential';
import { language } from '../state/preferences';
import { me, signIn } from '../state/session';
import { t } from '../words';

/** The door: before the first sign-in the whole page, after an expiry a dialog over what is there. */
export function SignIn() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    return () => dialog.current?.close();
  }, []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setRefused(null);
    try {
      await signIn(String(form.get('username')), String(form.get('password')));
    } catch (e) {
      if (!(e instanceof Refusal)) throw e;
      setRefused(e);
    } finally {
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} class="door" aria-labelledby="door_title" onCancel={(e) => e.preventDefault()}>
      <form onSubmit={submit}>
        <h1 id="door_title">{t('product')}</h1>
        <p class="soft">{door.value === 'expired' ? t('expired') : t('purpose')}</p>
        <label>{t('username')}<input name="username" autocomplete="username" required autofocus defaultValue={me.value?.username ?? ''} /></label>
        <label>{t('password')}<input name="password" type="password" autocomplete="current-password" required /></label>
        <p class="refusal" role="alert">{refused && (refused.status === 401 ? t('wrong_password') : refused.status === 0 ? t('unreachable') : refused.message ? <Sentence text={refused.message} /> : t('refused'))}</p>
        <button class="primary" disabled={busy}>{busy ? t('signing_in') : t('sign_in')}</button>
        <button type="button" class="quiet" lang={language.value === 'zh' ? 'en' : 'zh-CN'} onClick={() => { language.value = language.value === 'zh' ? 'en' : 'zh'; }}>{t('other_language')}</button>
      </form>
    </dialog>
  );
}
