// What a search or a filter lets through. Every word of a search must be found somewhere.

import type { JournalEntry } from './api_types';
import type { Condition } from './conditions';
import { isProgress } from './journal';
import { isClosed, isHeldBack, type SiteModel, type StationModel } from './site_model';

function matches(search: string, texts: (string | undefined)[]): boolean {
  const all = texts.join(' ').toLowerCase();
  return search.toLowerCase().split(/\s+/).every((word) => all.includes(word));
}

export interface StationFilter {
  search: string;
  condition: Condition | 'all' | 'held' | 'closed';
  node: string;
}

/// The node itself and everything below it.
export function below(model: SiteModel, node: string): Set<string> {
  const inside = new Set([node]);
  for (const each of model.nodes) if (each.parent && inside.has(each.parent)) inside.add(each.node);
  return inside;
}

function hasCondition(station: StationModel, wanted: StationFilter['condition']): boolean {
  if (wanted === 'all') return true;
  if (wanted === 'held') {
    return station.connectors.some(isHeldBack);
  }
  if (wanted === 'closed') return isClosed(station);
  return station.condition === wanted;
}

export function filteredStations(model: SiteModel, filter: StationFilter): StationModel[] {
  const inside = filter.node === '' ? undefined : below(model, filter.node);
  const drivers = new Map(model.sessions.map((session) => [session.station, session.driver]));
  return model.stations.filter((station) =>
    (!inside || inside.has(station.node))
    && hasCondition(station, filter.condition)
    && matches(filter.search, [
      station.station, station.name, station.node, model.nodeById.get(station.node)?.name,
      drivers.get(station.station), station.capability,
    ]));
}

export interface JournalFilter {
  search: string;
  role: string;
  level: string;
  /// Progress of sessions, too.
  hasProgress: boolean;
}

/// `said`: what the page shows of an entry.
export function filteredJournal(
  entries: JournalEntry[], filter: JournalFilter, said: (entry: JournalEntry) => string,
): JournalEntry[] {
  const isSearched = filter.search.trim() !== '';
  return entries.filter((entry) =>
    (filter.role === 'all' || entry.role === filter.role)
    && (filter.level === 'all' || entry.level === filter.level)
    && (filter.hasProgress || !isProgress(entry))
    && (!isSearched || matches(filter.search, [
      entry.text, entry.subject, entry.kind, entry.role, said(entry)])));
}

export function searched<Item>(
  items: Item[], search: string, texts: (item: Item) => (string | undefined)[],
): Item[] {
  return search.trim() === '' ? items : items.filter((item) => matches(search, texts(item)));
}
