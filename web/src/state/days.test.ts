import { describe, expect, test } from 'vitest';
import { dayOf, daysBetween, endOf, firstOf, isDay, opening, plusDays, windowOf } from './days';

describe('days', () => {
  test('over months, leap days and summer time', () => {
    expect(plusDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(plusDays('2025-12-31', 1)).toBe('2026-01-01');
    expect(daysBetween('2024-01-01', '2025-01-01')).toBe(366);
  });
  test('spans of the calendar', () => {
    expect((['month', 'quarter', 'year'] as const).map((s) => firstOf(s, '2025-11-26'))).toEqual(['2025-11-01', '2025-10-01', '2025-01-01']);
    expect((['month', 'quarter', 'year'] as const).map((s) => endOf(s, '2025-11-26'))).toEqual(['2025-12-01', '2026-01-01', '2026-01-01']);
  });
  test('a day as people write it', () => {
    expect(['2025-12-31', '2025/12/31', '2025.12.31', '2025年12月31日', '20251231', ' 2025-12-31 '].map(dayOf)).toEqual(Array(6).fill('2025-12-31'));
    expect(['2025-1-5', '2025年1月5日', '2025 1 5'].map(dayOf)).toEqual(Array(3).fill('2025-01-05'));
    expect(['', '31/12/2025', '2025-02-30', '2025-13-01', '202512', '2025123', '今天'].map(dayOf)).toEqual(Array(7).fill(null));
  });
  test('what is no day', () => {
    expect(['2025-02-30', '2025-2-3', '', 'today'].map(isDay)).toEqual([false, false, false, false]);
    expect(isDay('2024-02-29')).toBe(true);
  });
  test('windows of the calendar are asked as such, so that they are compared with the calendar', () => {
    const now = '2026-11-26';
    expect(windowOf('year', '2025-12-31', '2025-01-01', now)).toEqual({ period: '2025' });
    expect(windowOf('quarter', '2025-06-30', '2025-04-01', now)).toEqual({ period: '2025-Q2' });
    expect(windowOf('month', '2024-02-29', '2024-02-01', now)).toEqual({ period: '2024-02' });
    expect(windowOf('month', now, '2026-11-01', now)).toEqual({ period: 'this_month' });
    expect(windowOf('year', '2025-06-15', '2025-01-01', now)).toEqual({ from: '2025-01-01', to: '2025-06-16' });
    expect(windowOf('own', '2025-12-31', '2025-03-05', now)).toEqual({ from: '2025-03-05', to: '2026-01-01' });
  });
  test('a year that has hardly begun, or is thin, is not opened', () => {
    expect(opening('2015-01-01', false)).toBe('2014-12-31');
    expect(opening('2025-12-31', false)).toBe('2025-12-31');
    expect(opening('2026-11-26', true)).toBe('2025-12-31');
    expect(opening('2026-11-26', false)).toBe('2026-11-26');
  });
});
