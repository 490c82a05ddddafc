/** What the server refuses, sentence by sentence, in Chinese: its templates as they stand in sql, src and api, with {} where a value goes in. Loaded when first needed. */
import { Sentences } from '../sentence';
import asking from './asking.json';
import assessments from './assessments.json';
import cells from './cells.json';
import files from './files.json';
import people from './people.json';
import plans from './plans.json';
import records from './records.json';
import requests from './requests.json';
import values from './values.json';
import words from './words.json';

type Pairs = Readonly<Record<string, string>>;

export const sentences = new Sentences({ ...plans, ...assessments, ...records, ...people, ...cells, ...files, ...asking, ...requests, ...values });
export const titles: Pairs = words.titles;
export const types: Pairs = words.types;
export const levels: Pairs = words.levels;
export const certificates: Pairs = words.certificates;
export const ownWords: Pairs = words.words;
export const fields: Pairs = words.fields;
