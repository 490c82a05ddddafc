import { expect, test } from 'vitest';
import { EventReader } from './state/event_stream';

const SENT = 'retry: 3000\nid: 6\n\nid: 7\nevent: cell.change\ndata: {"id": 7, "title": "甲: 乙"}\n\n: still here\nid: 9\n\nevent: missed\ndata: {}\n\n';

test('events come whole, however they were cut', () => {
  for (const size of [1, 2, 7, 1000]) {
    const reader = new EventReader(), told = [];
    for (let at = 0; at < SENT.length; at += size) told.push(...reader.take(SENT.slice(at, at + size)));
    expect(told).toEqual([{ event: 'cell.change', data: '{"id": 7, "title": "甲: 乙"}' }, { event: 'missed', data: '{}' }]);
    expect(reader.last).toBe('9');
  }
});

test('the number from which on is told is known before anything is told', () => {
  const reader = new EventReader();
  expect(reader.take('retry: 3000\nid: 41\n\nid: 4')).toEqual([]);
  expect(reader.last).toBe('41');
  expect(reader.take('2\nevent: cell.change\ndata: {')).toEqual([]);
  expect(reader.last).toBe('41'); // 42 was cut off: it is told again
});
