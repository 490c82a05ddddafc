/** What a field lacks is told in the page's language: the browser's own words are in the browser's. */
import { t } from '../words';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const isField = (target: EventTarget | null): target is Field => target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

function wordOf({ validity, tagName }: Field): string {
  if (validity.customError) return ''; // it is told already
  if (validity.valueMissing) return t(tagName === 'SELECT' ? 'choose_one' : 'fill_in');
  return validity.valid ? '' : t('unfit_value');
}

function forget(field: Field): void {
  delete field.dataset['told'];
  field.setCustomValidity('');
}

/** To be called once for the page. What was told is forgotten when the field changes, and before a form is tried again, as it may have been filled in by the page. */
export function tellInOwnWords(): void {
  addEventListener('invalid', ({ target }) => {
    const word = isField(target) ? wordOf(target) : '';
    if (!word) return;
    (target as Field).setCustomValidity(word);
    (target as Field).dataset['told'] = 'true';
  }, true);
  addEventListener('input', ({ target }) => { if (isField(target) && target.dataset['told']) forget(target); }, true);
  addEventListener('click', () => { for (const field of document.querySelectorAll<Field>('[data-told]')) forget(field); }, true);
}
