import { isMeasure } from '../measures';
import { language } from '../state/preferences';
import { posts } from '../state/session';
import { en } from './en';
import { kinds, measureNames, reasons, units } from './figures';
import { industryText } from './industries';
import { zh, type Word } from './zh';

export type { Word } from './zh';

/** A sentence or word of the page; {name} is put in from `values`. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = language.value === 'zh' ? zh[word] : en[word];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

const in2 = (pair: readonly [string, string] | undefined, fallback: string): string => (pair ? pair[language.value === 'zh' ? 0 : 1] : fallback);

export const measureWord = (name: string): string => (isMeasure(name) ? in2(measureNames[name], name) : name);
export const unitWord = (unit: string | null): string => (unit === null ? '' : in2(units[unit], unit));
/** What kind of cell something is; a register may have kinds of its own, which stay as they are. */
export const kindWord = (kind: string): string => in2(kinds[kind], kind);
/** Why something has no value; `vacant:town_head` and the like name the post too. */
export function reasonWord(reason: string | null): string {
  if (!reason) return '—';
  const [what, post] = reason.split(':');
  return in2(reasons[what ?? ''], reason) + (post ? `${language.value === 'zh' ? '：' : ': '}${postWord(post)}` : '');
}
export function postWord(code: string): string {
  const post = posts.value.find((p) => p.code === code);
  return post ? (language.value === 'zh' ? post.name_zh : post.name_en) : code;
}
export const industryWord = (industry: string | null): string => (industry === null ? '—' : industryText(industry, language.value === 'zh'));
/** Who an account is: a demo's are called by their roles, which are told in the reader's language; others by their names. */
export const accountWord = (name: string): string => (`role_${name}` in zh ? t(`role_${name}` as Word) : name);
/** What the server says in both languages. */
export const said = (sentence: { zh: string; en: string }): string => (language.value === 'zh' ? sentence.zh : sentence.en);

/** The page's word for a value of the contract, such as a grade or a state; the value itself where there is none. */
export const contractWord = (value: string | null): string => (value === null ? '—' : value in zh ? t(value as Word) : value);
