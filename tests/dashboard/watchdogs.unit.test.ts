// The list of watchdogs shows an actor's own deadline apart from that of what it waits for.

import { expect, it } from 'vitest';
import type { Watchdog } from '../../dashboard/source/model/api_supervision';
import { isOverdue, overdueText, watchedTogether } from '../../dashboard/source/model/watchdogs';

// The page sets a number and its unit apart by a narrow space.
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

const station: Watchdog = {
  site: 'garage', actor: 'station:CP-001', expects: 'answer', every_us: 5_000_000,
  last_seen: '2026-05-01T12:00:00Z', is_overdue: false, restarts: 0,
  input: {
    expects: 'reading', every_us: 10_000_000, last_seen: '2026-05-01T12:00:00Z', is_overdue: false,
  },
};

it('shows what an actor must do, and what it waits for', () => {
  expect(plain(watchedTogether(station))).toBe('answer every 5 s · reading every 10 s');
  expect(plain(watchedTogether({ ...station, input: null }))).toBe('answer every 5 s');
  expect(plain(watchedTogether({ ...station, every_us: 250_000, input: null }))).toBe(
    'answer every 250 ms');
});

it('names which of both is overdue', () => {
  expect([isOverdue(station), overdueText(station)]).toEqual([false, 'In time']);
  const silent = { ...station, input: { ...station.input!, is_overdue: true } };
  expect([isOverdue(silent), overdueText(silent)]).toEqual([true, 'No reading']);
  const stalled = { ...station, is_overdue: true, input: null };
  expect([isOverdue(stalled), overdueText(stalled)]).toEqual([true, 'Overdue']);
});
