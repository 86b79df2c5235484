// The newest entries of the engine's journal, newest first, bounded.

import type { JournalEntry } from './api_types';

export const journalLength = 1000;
/// Each replaces the one before: for those who look now.
export const progressLength = 200;

/// How a session goes on, as the engine and its driver say it every few seconds.
export function isProgress(entry: JournalEntry): boolean {
  return entry.kind === 'session_IN_PROGRESS'
    || (entry.role === 'driver' && entry.kind === 'in_progress');
}

/// The newest of each kind: progress takes no room from what matters.
function bounded(entries: JournalEntry[]): JournalEntry[] {
  let left = journalLength;
  let progressLeft = progressLength;
  return entries.filter((entry) =>
    (isProgress(entry) ? progressLeft-- : left--) > 0);
}

/// Oldest first, each number once.
export function inOrder(entries: JournalEntry[]): JournalEntry[] {
  const byNumber = new Map(entries.map((entry) => [entry.number, entry]));
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}

/// Entries may come twice (read, then streamed): each number is kept once.
export function withEntries(journal: JournalEntry[], news: JournalEntry[]): JournalEntry[] {
  const newest = journal[0]?.number ?? -1;
  const fresh = news.filter((entry) => entry.number > newest).reverse();
  return fresh.length === 0 ? journal : bounded([...fresh, ...journal]);
}
