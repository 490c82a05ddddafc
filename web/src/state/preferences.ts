/** What a person chose for this browser: language and theme. */
import { effect, signal } from '@preact/signals';

export type Language = 'zh' | 'en';
export type Theme = 'light' | 'dark';

function kept<T extends string>(name: string, values: readonly T[], fallback: T) {
  let stored: string | null = null;
  try { stored = localStorage.getItem(name); } catch { /* a browser may forbid it; then the choice lasts for this page */ }
  const chosen = signal<T>(values.find((v) => v === stored) ?? fallback);
  effect(() => {
    try { localStorage.setItem(name, chosen.value); } catch { /* as above */ }
  });
  return chosen;
}

export const language = kept<Language>('gridward.language', ['zh', 'en'], 'zh');
export const theme = kept<Theme>('gridward.theme', ['light', 'dark'], matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

effect(() => { document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en'; });
effect(() => { document.documentElement.dataset['theme'] = theme.value; });
