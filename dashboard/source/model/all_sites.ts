// All sites at a glance: what each comes to, which is worse, and which a filter lets through.

import type { SiteSummary } from './api_types';
import { searched } from './filters';
import { duration, plural } from './format';
import { busiestLine, fullFrom, levelOfLine, ratio, type LineLoad, type LoadLevel } from './load';

/// The worst first.
export const siteStates = ['still', 'safe', 'violation', 'meter', 'shedding', 'faulted', 'offline',
  'starting', 'full', 'controlling'] as const;
export type SiteState = (typeof siteStates)[number];

export const siteWords: Record<SiteState, string> = {
  still: 'Stands still', safe: 'Safe mode', violation: 'Violation', meter: 'Meter lost',
  shedding: 'Shedding', faulted: 'Faulted', offline: 'Offline', starting: 'Starting',
  full: 'At its limit', controlling: 'Controlling',
};

const calm: SiteState[] = ['starting', 'full', 'controlling'];

export const needsAttention = (state: SiteState): boolean => !calm.includes(state);

export interface SiteRow {
  site: string;
  /// Its id where it has no name.
  name: string;
  owner: string;
  /// All that is wrong, the worst first; of a site that is well the one thing that it does.
  states: [SiteState, ...SiteState[]];
  /// "Shedding 2": the worst state.
  word: string;
  /// All of it, in words.
  note: string;
  line: LineLoad;
  power_w: number;
  /// What binds its power as a whole: lines or power; undefined: nothing does.
  allowed_w: number | undefined;
  /// Of the limit, by the fullest of lines and power: what flows, what is reserved.
  measured: number;
  reserved: number;
  level: LoadLevel;
  sessions: number;
  connectors: number;
  violations: number;
  /// "2 critical", "1 notice".
  violationWords: string;
  isAlarming: boolean;
}

/// A site plans every second; its snapshot is that old at most where others go on.
const stillAfterMs = 10_000;

/// A violation of more than a notice stands.
function isViolated(site: SiteSummary): boolean {
  return site.worst_violation !== null && site.worst_violation !== 'info';
}

function statesOf(site: SiteSummary, ageMs: number, isFull: boolean): SiteState[] {
  const holds: Record<SiteState, boolean> = {
    still: ageMs > stillAfterMs,
    safe: site.mode === 'safe',
    violation: isViolated(site),
    meter: site.meters_lost > 0,
    shedding: site.shedding_level > 0,
    faulted: site.faulted > 0,
    offline: site.stale > 0,
    starting: site.mode === 'starting',
    full: isFull,
    controlling: true,
  };
  const troubles = siteStates.filter((state) => holds[state] && needsAttention(state));
  return troubles.length > 0 ? troubles : calm.filter((state) => holds[state]).slice(0, 1);
}

function metersLost(site: SiteSummary): string {
  if (site.meters_lost > 1) return `${site.meters_lost} meters`;
  return site.is_meter_stale ? 'that of the whole site' : 'of a part of the site';
}

function detailOf(state: SiteState, site: SiteSummary, ageMs: number): string {
  const words: Partial<Record<SiteState, string>> = {
    still: `no plan for ${duration(ageMs / 1000)}`,
    safe: site.mode_because,
    meter: metersLost(site),
    shedding: `sheds load, level ${site.shedding_level}`,
    faulted: `${site.faulted} of ${plural(site.connectors, 'connector')} faulted`,
    offline: `${site.stale} of ${plural(site.connectors, 'connector')} offline`,
    starting: site.mode_because,
  };
  return words[state] ?? '';
}

function violationWords(site: SiteSummary): string {
  if (site.violations === 0) return '';
  return site.worst_violation === 'info' ? plural(site.violations, 'notice')
    : `worst is ${site.worst_violation ?? 'unknown'}`;
}

function allowedPower(site: SiteSummary): number | undefined {
  const volts = site.nominal_mv / 1000;
  const lines = site.allowed_ma.reduce((sum, ma) => sum + (ma / 1000) * volts, 0);
  if (site.source === 'unspecified') return site.allowed_w ?? undefined;
  return Math.round(Math.min(lines, site.allowed_w ?? lines));
}

function rowOf(site: SiteSummary, newest: number): SiteRow {
  const line = busiestLine(site);
  const isBounded = site.source !== 'unspecified';
  const allowed_w = allowedPower(site);
  const ofPower = allowed_w === undefined ? 0 : ratio(site.power_w, allowed_w);
  const measured = Math.max(isBounded ? line.measured : 0, ofPower);
  const reserved = Math.max(isBounded ? line.reserved : 0, measured);
  const level = isBounded
    ? levelOfLine({ ...line, measured, reserved }, isViolated(site)) : 'easy';
  const ageMs = newest - Date.parse(site.at);
  const [worst = 'controlling', ...others] = statesOf(site, ageMs, reserved > fullFrom);
  const states: SiteRow['states'] = [worst, ...others];
  return {
    site: site.site, name: site.name || site.site, owner: site.owner, states,
    word: worst === 'shedding' ? `${siteWords.shedding} ${site.shedding_level}` : siteWords[worst],
    note: states.map((state) => detailOf(state, site, ageMs)).filter(Boolean).join(' · '),
    line, power_w: site.power_w, allowed_w, measured, reserved, level,
    sessions: site.sessions, connectors: site.connectors, violations: site.violations,
    violationWords: violationWords(site), isAlarming: states.includes('violation'),
  };
}

export function rowsOf(sites: SiteSummary[]): SiteRow[] {
  const newest = Math.max(...sites.map((site) => Date.parse(site.at)));
  return sites.map((site) => rowOf(site, newest));
}

export const siteColumns = ['site', 'state', 'load', 'sessions', 'violations', 'owner'] as const;
export type SiteColumn = (typeof siteColumns)[number];

export interface SiteOrder {
  by: SiteColumn;
  isReversed: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
/// Loads within a tenth of the limit count as equal: rows do not change places every second.
const step = 10;

const byName = (a: SiteRow, b: SiteRow): number =>
  collator.compare(a.name, b.name) || collator.compare(a.site, b.site);
const rank = (row: SiteRow): number => siteStates.indexOf(row.states[0]);
const steps = (share: number): number => Math.floor(Math.min(share, 10) * step);

/// Of each column what stands first: the worst, the fullest, the most, the first of the alphabet.
const comparisons: Record<SiteColumn, (a: SiteRow, b: SiteRow) => number> = {
  site: byName,
  state: (a, b) => rank(a) - rank(b) || b.states.length - a.states.length
    || b.violations - a.violations || steps(b.measured) - steps(a.measured),
  load: (a, b) => b.measured - a.measured || b.reserved - a.reserved,
  sessions: (a, b) => b.sessions - a.sessions,
  violations: (a, b) => Number(b.isAlarming) - Number(a.isAlarming) || b.violations - a.violations,
  owner: (a, b) => collator.compare(a.owner, b.owner),
};

export function ordered(rows: SiteRow[], order: SiteOrder): SiteRow[] {
  const compare = comparisons[order.by];
  const way = order.isReversed ? -1 : 1;
  return [...rows].sort((a, b) => way * compare(a, b) || byName(a, b));
}

/// The places that rows had stay while somebody points at one; new ones stand at the end.
export function kept(rows: SiteRow[], places: Map<string, number> | undefined): SiteRow[] {
  if (!places) return rows;
  const place = (row: SiteRow) => places.get(row.site) ?? Number.MAX_SAFE_INTEGER;
  return [...rows].sort((a, b) => place(a) - place(b));
}

/// The order after a press on a column's head: by it, or the other way round.
export function pressed(order: SiteOrder, by: SiteColumn): SiteOrder {
  return { by, isReversed: order.by === by && !order.isReversed };
}

export interface SiteFilter {
  search: string;
  state: SiteState | 'all' | 'attention';
}

function isIn(row: SiteRow, state: SiteFilter['state']): boolean {
  if (state === 'all') return true;
  return state === 'attention' ? needsAttention(row.states[0]) : row.states.includes(state);
}

export function filteredSites(rows: SiteRow[], filter: SiteFilter): SiteRow[] {
  return searched(rows.filter((row) => isIn(row, filter.state)), filter.search,
    (row) => [row.site, row.name, row.owner, row.word, row.note]);
}

/// Choices of a filter with how many sites each lets through; states that no site is in are left
/// out, but for the chosen one.
export function stateChoices(
  rows: SiteRow[], chosen: SiteFilter['state'],
): { value: SiteFilter['state']; text: string; count: number }[] {
  const count = (value: SiteFilter['state']) => rows.filter((row) => isIn(row, value)).length;
  const states = siteStates.filter((state) => state === chosen || count(state) > 0);
  return [
    { value: 'all' as const, text: 'All', count: rows.length },
    { value: 'attention' as const, text: 'Needs attention', count: count('attention') },
    ...states.map((value) => ({ value, text: siteWords[value], count: count(value) })),
  ];
}
