// What of the journal the page reads when it is opened: nothing that matters is missing because
// sessions are in progress, or because it is older.

import { afterEach, expect, it, vi } from 'vitest';
import { newestEntries } from '../../dashboard/source/live/engine_api';
import type { JournalEntry } from '../../dashboard/source/model/api_types';

const asked: URLSearchParams[] = [];

/// An engine whose newest entries are `newest`, and whose newest warnings are `warnings`.
function answerWith(newest: number[], warnings: number[], end: number): void {
  const items = (numbers: number[]) => numbers.map((number) => ({ number }) as JournalEntry);
  asked.length = 0;
  vi.stubGlobal('fetch', async (address: string) => {
    const query = new URL(address, 'http://engine').searchParams;
    asked.push(query);
    const found = query.get('level') === 'warning' ? warnings : newest;
    return new Response(JSON.stringify({ items: items(found), journal_end: end }));
  });
}

afterEach(() => { vi.unstubAllGlobals(); });

it('older warnings stand before the newest entries, each once, in their order', async () => {
  answerWith([90, 95, 97], [3, 40, 95], 99);
  const page = await newestEntries('garage', 300);
  expect(page.items.map((each) => each.number)).toEqual([3, 40, 90, 95, 97]);
  expect(page.journal_end).toBe(99);
});

it('progress of sessions takes no room from what is read', async () => {
  answerWith([], [], 0);
  await newestEntries('garage', 300);
  expect(asked.map((query) => query.get('progress') ?? query.get('level')))
    .toEqual(['warning', 'false']); // all comes last: its end is where the stream goes on
  expect(asked.map((query) => [query.get('site'), query.get('limit')]))
    .toEqual([['garage', '300'], ['garage', '300']]);
});
