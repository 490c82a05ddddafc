/** Opens a form over the page and goes to its first field, where the browser would go to the button that shuts it. */
export function openForm(dialog: HTMLDialogElement | null): void {
  dialog?.showModal();
  dialog?.querySelector<HTMLElement>('form :is(input:checked, input:not([type="radio"]), select, textarea)')?.focus();
}
