// What the table of all sites says of each, and in which order.

import { describe, expect, it } from 'vitest';
import {
  filteredSites, kept, ordered, pressed, rowsOf, stateChoices, type SiteRow, type SiteState,
} from '../../dashboard/source/model/all_sites';
import type { SiteSummary } from '../../dashboard/source/model/api_types';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

/// 100 A a line at 230 V: 69 kW, of which 20 A a line flow.
function summary(site: string, change: Partial<SiteSummary> = {}): SiteSummary {
  return {
    site, name: '', topology: 't', mode: 'controlling', mode_because: '', policy: 'equal',
    currency: 'EUR', nominal_mv: 230_000, stations: 10, at: '2026-05-01T12:00:00Z',
    connectors: 10, supplying: 2, faulted: 0, stale: 0, sessions: 2, violations: 0,
    worst_violation: null, meters_lost: 0, shedding_level: 0, owner: 'engine-1',
    power_w: 13_800, source: 'rating', limit_ma: [100_000, 100_000, 100_000],
    allowed_ma: [100_000, 100_000, 100_000], unmanaged_ma: [0, 0, 0],
    reserved_ma: [30_000, 30_000, 30_000], measured_ma: [20_000, 20_000, 20_000],
    allowed_w: null, has_meter: true, is_meter_stale: false, ...change,
  };
}

function rowOf(change: Partial<SiteSummary>): SiteRow {
  const [row] = rowsOf([summary('s', change), summary('other')]);
  if (!row) throw new Error('a site has a row');
  return row;
}

describe('the state of a site', () => {
  it.each<[Partial<SiteSummary>, SiteState[], string, string]>([
    [{}, ['controlling'], 'Controlling', ''],
    [{ at: '2026-05-01T11:59:30Z' }, ['still'], 'Stands still', 'no plan for 30 s'],
    [{ mode: 'safe', mode_because: 'no log' }, ['safe'], 'Safe mode', 'no log'],
    [{ violations: 2, worst_violation: 'warning' }, ['violation'], 'Violation', ''],
    [{ violations: 2, worst_violation: 'info' }, ['controlling'], 'Controlling', ''],
    [{ meters_lost: 1 }, ['meter'], 'Meter lost', 'of a part of the site'],
    [{ meters_lost: 1, is_meter_stale: true }, ['meter'], 'Meter lost', 'that of the whole site'],
    [{ meters_lost: 3 }, ['meter'], 'Meter lost', '3 meters'],
    [{ shedding_level: 2 }, ['shedding'], 'Shedding 2', 'sheds load, level 2'],
    [{ faulted: 1, stale: 3 }, ['faulted', 'offline'], 'Faulted',
      '1 of 10 connectors faulted · 3 of 10 connectors offline'],
    [{ mode: 'starting', mode_because: 'reads its state' }, ['starting'], 'Starting',
      'reads its state'],
    [{ reserved_ma: [99_000, 0, 0] }, ['full'], 'At its limit', ''],
  ])('%j is %j', (change, states, word, note) => {
    const row = rowOf(change);
    expect([row.states, row.word, plain(row.note)]).toEqual([states, word, note]);
  });

  it('is compared with the clock of the other sites, not with that of the browser', () => {
    const rows = rowsOf([summary('a', { at: '2020-01-01T00:00:00Z' }),
      summary('b', { at: '2020-01-01T00:00:09Z' })]);
    expect(rows.map((row) => row.states[0])).toEqual(['controlling', 'controlling']);
  });
});

describe('the load of a site', () => {
  it('is what flows of what may, by the fullest line', () => {
    const row = rowOf({ measured_ma: [20_000, 57_000, 20_000] });
    expect([row.line.line, row.measured, row.allowed_w]).toEqual(['L2', 0.57, 69_000]);
  });

  it('counts load that no meter sees beside what the connectors draw', () => {
    const change: Partial<SiteSummary> = { unmanaged_ma: [40_000, 40_000, 40_000] };
    expect(rowOf(change).measured).toBe(0.2);
    expect(rowOf({ ...change, is_meter_stale: true, meters_lost: 1 }).measured).toBe(0.6);
    expect(rowOf({ ...change, has_meter: false }).measured).toBe(0.6);
  });

  it('is that of the power where a limit of power is closer', () => {
    const row = rowOf({ allowed_w: 15_000 }); // 13.8 of 15 kW
    expect([row.measured, row.allowed_w, row.level]).toEqual([0.92, 15_000, 'easy']);
    expect(rowOf({ allowed_w: 13_000 }).level).toBe('over');
  });

  it('is an alarm where it is only reserved above the limit, once that is a violation', () => {
    const reserved: Partial<SiteSummary> = { reserved_ma: [115_000, 0, 0] };
    expect(rowOf(reserved).level).toBe('full');
    expect(rowOf({ ...reserved, violations: 1, worst_violation: 'info' }).level).toBe('full');
    expect(rowOf({ ...reserved, violations: 1, worst_violation: 'warning' }).level).toBe('over');
  });

  it('of a site that nothing bounds is no share', () => {
    const row = rowOf({ source: 'unspecified', allowed_ma: [0, 0, 0] });
    expect([row.measured, row.allowed_w, row.level]).toEqual([0, undefined, 'easy']);
  });
});

describe('the order of sites', () => {
  const rows = rowsOf([
    summary('calm'), summary('full', { reserved_ma: [99_000, 0, 0] }),
    summary('busy 10', { measured_ma: [80_000, 0, 0] }),
    summary('busy 9', { measured_ma: [89_000, 0, 0] }),
    summary('offline', { stale: 1 }), summary('violated', { violations: 1,
      worst_violation: 'critical', owner: 'engine-2' }),
    summary('both', { violations: 1, worst_violation: 'critical', meters_lost: 1 }),
    summary('noticed', { violations: 9, worst_violation: 'info' }),
    summary('safe', { mode: 'safe', sessions: 7 })]);
  const by = (column: Parameters<typeof pressed>[1], isReversed = false) =>
    ordered(rows, { by: column, isReversed }).map((row) => row.site);

  it('is the worst first: by what is wrong, then by how much, then by name', () => {
    expect(by('state')).toEqual(['safe', 'both', 'violated', 'offline', 'full', 'noticed',
      'busy 9', 'busy 10', 'calm']);
  });

  it('does not change with every ampere', () => {
    const near = rowsOf([summary('b', { measured_ma: [41_000, 0, 0] }),
      summary('a', { measured_ma: [40_000, 0, 0] })]);
    expect(ordered(near, { by: 'state', isReversed: false }).map((row) => row.site))
      .toEqual(['a', 'b']);
  });

  it('is that of a column, and the other way round', () => {
    expect(by('site').slice(0, 4)).toEqual(['both', 'busy 9', 'busy 10', 'calm']);
    expect(by('site', true)[0]).toBe('violated');
    expect(by('load').slice(0, 2)).toEqual(['busy 9', 'busy 10']);
    expect(by('sessions')[0]).toBe('safe');
    expect(by('violations').slice(0, 3)).toEqual(['both', 'violated', 'noticed']);
    expect(by('owner').at(-1)).toBe('violated');
  });

  it('is turned round by a second press on the same column', () => {
    const first = pressed({ by: 'state', isReversed: true }, 'load');
    expect(first).toEqual({ by: 'load', isReversed: false });
    expect(pressed(first, 'load')).toEqual({ by: 'load', isReversed: true });
  });

  it('stays as it was for rows that are kept in place; new ones stand at the end', () => {
    const places = new Map([['calm', 0], ['safe', 1]]);
    const sorted = ordered(rows, { by: 'state', isReversed: false });
    expect(kept(sorted, places).slice(0, 3).map((row) => row.site))
      .toEqual(['calm', 'safe', 'both']);
    expect(kept(sorted, undefined)).toBe(sorted);
  });
});

describe('filters of sites', () => {
  const rows = rowsOf([summary('north', { name: 'North depot', stale: 2 }),
    summary('south', { name: 'South depot', mode: 'safe', mode_because: 'no log', stale: 1 }),
    summary('harbour', { owner: 'engine-2' })]);
  const found = (search: string, state: Parameters<typeof stateChoices>[1] = 'all') =>
    filteredSites(rows, { search, state }).map((row) => row.site);

  it('find every word in name, id, owner, state or what is wrong', () => {
    expect(found('DEPOT')).toEqual(['north', 'south']);
    expect(found('depot no log')).toEqual(['south']);
    expect(found('engine-2')).toEqual(['harbour']);
    expect(found('safe mode')).toEqual(['south']);
  });

  it('let a site through by everything that is wrong with it', () => {
    expect(found('', 'offline')).toEqual(['north', 'south']);
    expect(found('', 'attention')).toEqual(['north', 'south']);
    expect(found('', 'controlling')).toEqual(['harbour']);
  });

  it('are offered with counts, states without a site only where chosen', () => {
    const offered = (chosen: Parameters<typeof stateChoices>[1]) =>
      stateChoices(rows, chosen).map(({ text, count }) => `${text} ${count}`);
    expect(offered('all')).toEqual(
      ['All 3', 'Needs attention 2', 'Safe mode 1', 'Offline 2', 'Controlling 1']);
    expect(offered('meter')).toContain('Meter lost 0');
  });
});
