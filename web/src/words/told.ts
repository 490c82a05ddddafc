/** What the server says of what it refuses, in the language of the page, with the names of cells and people in the places of their ids. */
import { signal } from '@preact/signals';
import { dayText } from '../format';
import { areaPerson, nameOf } from '../state/names';
import { language } from '../state/preferences';
import { contractWord, measureWord, postWord } from '.';
import { fieldPlace } from './field';
import { filled, placesOf, refilled, type Place, type Said } from './sentence';

type Table = typeof import('./refusals');
const table = signal<Table | 'unasked' | 'awaited' | 'missing'>('unasked');

/** The table, asked for when it is first needed. Where it cannot be had, sentences stay as they came. */
function known(): Table | 'awaited' | 'missing' {
  if (table.peek() === 'unasked') {
    table.value = 'awaited';
    import('./refusals').then((t) => { table.value = t; }, () => { table.value = 'missing'; });
  }
  return table.value as Table | 'awaited' | 'missing';
}
/** The table for words in Chinese alone. */
function chinese(): Table | null {
  const of = language.value === 'zh' ? known() : 'missing';
  return typeof of === 'string' ? null : of;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SEPARATED = /(, | or | and )/;

/** A value that is a word of the contract, or several. */
function wordsOf(of: Table, value: string): string {
  const one = (word: string): string => {
    const counted = /^(\d+) cells$/.exec(word);
    if (counted) return `${counted[1]}个网格`;
    const own = of.ownWords[word];
    return own ?? (contractWord(word) !== word ? contractWord(word) : measureWord(word));
  };
  return value.split(SEPARATED).map((part, i) => (i % 2 === 0 ? one(part) : part === ' or ' ? '或' : '、')).join('');
}

/** The name of whom an id means; the id where nobody knows, or not yet. */
function named(value: string, name: (id: number) => string): string {
  const known = /^\d+$/.test(value) ? name(Number(value)) : value;
  return known === `#${value}` ? value : known;
}
const cell = (value: string): string => named(value, nameOf);
const person = (value: string): string => named(value, areaPerson);

function inChinese(of: Table, said: Said): string {
  return filled(said.chinese, (place) => {
    const value = said.values[place.index] ?? '';
    switch (place.kind) {
      case 'cell': return cell(value);
      case 'person': return person(value);
      case 'post': return postWord(value);
      case 'word': return DAY.test(value) ? dayText(value) : wordsOf(of, value);
      case 'type': return of.types[value] ?? value;
      case 'level': return of.levels[value] ?? value;
      case 'certificate': return of.certificates[value] ?? value;
      case 'said': case 'detail': return sentence(of, value) ?? value;
      default: return DAY.test(value) ? dayText(value) : value;
    }
  });
}

function inEnglish(of: Table, said: Said): string {
  const kinds = new Map(placesOf(said.chinese).map((p: Place) => [p.index, p.kind]));
  const inner = (value: string): string => sentence(of, value) ?? value;
  const told: Record<string, (value: string) => string> = { cell, person, post: postWord, said: inner, detail: inner };
  return refilled(said.template, said.values.map((value, i) => told[kinds.get(i) ?? '']?.(value) ?? value));
}

/** A sentence that a template is known of; one that something stands before and a colon, such as the name of a file, likewise. */
function sentence(of: Table, text: string): string | null {
  const whole = of.sentences.find(text, (said) => placesOf(said.chinese).every((p) => p.kind !== 'type' || (said.values[p.index] ?? '') in of.types));
  const zh = language.value === 'zh';
  if (whole) return zh ? inChinese(of, whole) : inEnglish(of, whole);
  const headed = /^([^:]{1,120}): (.+)$/s.exec(text);
  const rest = headed && sentence(of, headed[2]!);
  return rest ? `${zh ? fieldOf(of, headed[1]!) + '：' : `${fieldInEnglish(headed[1]!)}: `}${rest}` : null;
}

/** The name of a field: its last part, and which operation or row it belongs to. */
function fieldOf(of: Table, name: string): string {
  const { list, n, field } = fieldPlace(name);
  const head = list === 'rows' ? `第${n}行` : list ? `第${n}项调整` : '', own = of.fields[field] ?? (head ? field : name);
  return head && own ? `${head}的${own}` : head || own;
}

function fieldInEnglish(name: string): string {
  const { list, n, field } = fieldPlace(name);
  const head = list === 'rows' ? `Row ${n}` : `Operation ${n}`;
  return list === null ? name : field ? `${head}, ${field.replaceAll('_', ' ')}` : head;
}

/** A sentence of the server's as the page tells it; null in Chinese where it is not known how. While the table is on its way: ''. */
export function told(text: string): string | null {
  const zh = language.value === 'zh';
  if (text === '' || /\p{Script=Han}/u.test(text.slice(0, 1))) return text; // the page's own words
  const of = known();
  if (of === 'awaited') return zh ? '' : text;
  return (of === 'missing' ? null : sentence(of, text)) ?? (zh ? null : text);
}

/** The half in the language of the page of what is said as "English / 中文". */
export function half(text: string): string {
  const at = text.lastIndexOf(' / ');
  return at < 0 || !/\p{Script=Han}/u.test(text.slice(at)) ? text : language.value === 'zh' ? text.slice(at + 3) : text.slice(0, at);
}

/** A field that was refused. */
export function fieldWord(name: string): string {
  const of = chinese();
  return of ? fieldOf(of, name) : fieldInEnglish(name);
}

/** What kind of refusal it is: the heading in api/problems.md that its type names. */
export function problemTitle(type: string, english: string): string {
  return chinese()?.titles[type.replace(/^.*\//, '')] ?? english;
}
