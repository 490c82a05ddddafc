import { expect, test } from 'vitest';
import { fieldPlace } from './field';

test('a field of an operation or a row is told by which one it is, from 1 on, and by its last name', () => {
  expect(fieldPlace('operations.0.sources')).toEqual({ list: 'operations', n: 1, field: 'sources' });
  expect(fieldPlace('operations.11.targets.2.code')).toEqual({ list: 'operations', n: 12, field: 'code' });
  expect(fieldPlace('operations.2')).toEqual({ list: 'operations', n: 3, field: '' });
  expect(fieldPlace('operations/3')).toEqual({ list: 'operations', n: 3, field: '' });
  expect(fieldPlace('rows/7')).toEqual({ list: 'rows', n: 7, field: '' });
});

test('other fields are in no list', () => {
  expect(fieldPlace('title')).toEqual({ list: null, n: 0, field: 'title' });
  expect(fieldPlace('operations')).toEqual({ list: null, n: 0, field: 'operations' });
  expect(fieldPlace('into.code')).toEqual({ list: null, n: 0, field: 'code' });
});
