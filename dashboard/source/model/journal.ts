// The newest entries of the engine's journal, newest first, bounded.

import type { JournalEntry } from './api_types';

export const journalLength = 1000;

/// Entries may come twice (read, then streamed): each number is kept once.
export function withEntries(journal: JournalEntry[], news: JournalEntry[]): JournalEntry[] {
  const newest = journal[0]?.number ?? -1;
  const fresh = news.filter((entry) => entry.number > newest).reverse();
  return fresh.length === 0 ? journal : [...fresh, ...journal].slice(0, journalLength);
}
