import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { explanationOf } from '../../dashboard/source/model/context';
import { layoutOf, sizes } from '../../dashboard/source/model/diagram_layout';
import { filteredJournal, filteredStations } from '../../dashboard/source/model/filters';
import { powerNow } from '../../dashboard/source/model/format';
import { courseOf, History, HistoryShelf } from '../../dashboard/source/model/history';
import { isProgress, withEntries } from '../../dashboard/source/model/journal';
import { bindingPower, fullness, levelOf, levelOfLine, lineLoads, powerLimit }
  from '../../dashboard/source/model/load';
import { conditionOf } from '../../dashboard/source/model/conditions';
import { applied, holdingNode, isClosed, modelOf, sheddingNode, type SiteModel }
  from '../../dashboard/source/model/site_model';
import type { JournalEntry } from '../../dashboard/source/model/api_types';
import { required } from './engine';
import { FixtureSite } from './fixture_site';
import { connector, detail, event, node, session, station, tree } from './unit_site';

/// Of every event, in the order of the manual's table.
function manualKinds(): string[] {
  const manual = readFileSync(join(required('BUSBAR_PROJECT'), 'docs/operations.md'), 'utf8');
  return [...manual.matchAll(/^\| `(\w+)` \| (?:info|warning|critical)/gm)]
    .map((each) => each[1] ?? '');
}

const twoFeeders = (): SiteModel => modelOf(detail(tree()), [
  station('CP-1', 'f1', { state: 'SUPPLYING', drawn_ma: [9000, 9000, 9000] }),
  station('CP-2', 'f1', { state: 'FAULTED' }),
  station('CP-3', 'f2'),
]);

describe('the model of a site', () => {
  it('counts the stations of a node and of everything below it', () => {
    const model = twoFeeders();
    expect(model.nodeById.get('f1')?.counts).toMatchObject({ supplying: 1, faulted: 1 });
    expect(model.nodeById.get('service')?.stationCount).toBe(3);
    expect(model.counts.disconnected).toBe(1);
    expect(model.nodeById.get('service')?.ownCounts.supplying).toBe(0);
  });

  it('LIM-3 what a silent connector drew when it was heard last is no power of now', () => {
    const silent = modelOf(detail(tree()), [
      station('CP-1', 'f1', { state: 'SUPPLYING', power_w: 9_900, is_stale: true }),
      station('CP-2', 'f1', { state: 'SUPPLYING', power_w: 7_000 })]);
    expect([...silent.stationById.values()].map((each) => each.power_w)).toEqual([0, 7_000]);
    expect(powerNow(0, silent.stationById.get('CP-1')?.condition !== 'stale')).toBe('—');
    expect(powerNow(7_000, true)).toMatch(/^7\.0.kW$/);
  });

  it('a delta replaces what changed and keeps the identity of what did not', () => {
    const before = twoFeeders();
    const now = {
      ...connector('CP-3-1', { state: 'ACTIVATED', is_plugged: true, power_w: 5 }), station: 'CP-3',
    };
    const after = applied(before, event({ connectors: [now] }));
    expect(after.stationById.get('CP-3')).toMatchObject({ condition: 'activated', power_w: 5 });
    expect(after.stationById.get('CP-1')).toBe(before.stationById.get('CP-1'));
    expect(after.counts.activated).toBe(1);
  });

  it('counts the connectors that a node holds back', () => {
    const because = { rule: 'LIM-1', node: 'f1', line: 'L2', source: 'breaker' };
    const model = modelOf(detail(tree()), [
      station('CP-1', 'f1', { because }), station('CP-2', 'f1', { because }),
      station('CP-3', 'f2')]);
    expect(model.nodeById.get('f1')?.heldBack).toBe(2);
    expect(model.heldBack).toBe(2);
  });

  it('counts what waits for its turn at a node, and not what rests or changes its lines', () => {
    const waits = { rule: 'turn', node: 'f1', line: 'L2', source: 'breaker', place: 1 };
    const model = modelOf(detail(tree()), [
      station('CP-1', 'f1', { because: waits }), station('CP-2', 'f1', { because: waits }),
      station('CP-3', 'f1', {
        because: { ...waits, rests_until: '2026-01-01T00:00:00Z',
          turn_by: '2026-01-01T00:00:00Z' } }),
      station('CP-4', 'f1', {
        because: { ...waits, switches_until: '2026-01-01T00:00:00Z' } })]);
    expect(model.heldBack).toBe(2);
    expect(model.nodeById.get('f1')?.heldBack).toBe(2);
    expect(model.stations.map((each) => each.connectors
      .map((connector) => holdingNode(model, connector))[0]))
      .toEqual(['f1', 'f1', undefined, undefined]);
  });

  it('counts the connectors that load shedding holds back, in the figure and in the filter', () => {
    const because = { rule: 'load_shedding' };
    const model = modelOf(detail(tree()), [
      station('CP-1', 'f1', { because }), station('CP-2', 'f1', { because }),
      station('CP-3', 'f2')]);
    expect(model.heldBack).toBe(2);
    expect(model.shedBack).toBe(2);
    expect(model.nodeById.get('f1')?.heldBack).toBe(0);
    expect(filteredStations(model, { search: '', condition: 'held', node: '' })
      .map((each) => each.station)).toEqual(['CP-1', 'CP-2']);
    expect(sheddingNode(model)).toBe('service');
  });

  it('LIM-3 a connector of which nothing is heard is stale, whatever it said last', () => {
    expect(conditionOf(connector('c', { state: 'SUPPLYING', is_stale: true }))).toBe('stale');
    expect(conditionOf(connector('c', { state: 'unspecified' }))).toBe('stale');
    expect(conditionOf(connector('c', { state: 'DISCONNECTED' }))).toBe('stale');
    expect(conditionOf(connector('c', { state: 'ACTIVATED' }))).toBe('disconnected');
    expect(conditionOf(connector('c', { state: 'ACTIVATED', is_plugged: true }))).toBe('activated');
  });

  it('a session whose vehicle draws at most 0.5 A on every line is suspended', () => {
    const session = (drawn_ma: [number, number, number]) =>
      conditionOf(connector('c', { state: 'SUPPLYING', drawn_ma }));
    expect(session([0, 0, 0])).toBe('suspended');
    expect(session([500, 500, 500])).toBe('suspended');
    expect(session([0, 501, 0])).toBe('supplying');
    expect(session([-6000, -6000, -6000])).toBe('supplying');
  });

  it('knows the limits set live, the shedding level and who does not obey', () => {
    const limit = { node: 't1', source: 'operator' as const, limit_w: null, from: null,
      limit_ma: [9, 9, 9] as [number, number, number], until: null, is_in_force: true };
    const now = { ...connector('CP-2-1', { escalation: 'lower_limit' }), station: 'CP-2' };
    const news = event({ constraints: [limit], connectors: [now] });
    const after = applied(twoFeeders(),
      { ...news, shedding: { ...news.shedding, level: 3 } });
    expect(after.constraints).toEqual([limit]);
    expect(after.shedding.level).toBe(3);
    expect(after.disobeying.map((each) => each.connector)).toEqual(['CP-2-1']);
  });

  it('SAFE-2 says of a connector that does not obey just that, whatever its reason', () => {
    const model = modelOf(detail(tree()),
      [station('CP-1', 'f1', { escalation: 'remote_stop', because: { rule: 'fallback' } })]);
    const why = model.stations.flatMap((each) => each.connectors)
      .map((each) => explanationOf(model, each));
    expect(why[0]?.short).toBe('does not obey · told to stop');
    expect(why[0]?.tone).toBe('lost');
  });

  it('joins an open session with its connector', () => {
    const model = applied(twoFeeders(), event({ sessions: [session('x', 'CP-1')] }));
    expect(model.sessions[0]?.at?.connector).toBe('CP-1-1');
  });
});

describe('load against limit', () => {
  it('bounds power by the currents of the lines at their voltage', () => {
    const model = modelOf(detail([node('service', null)]), []);
    // 100 A * 230 V * 3 = 69 000 W
    expect(powerLimit(model.nodes[0]!)).toBe(69_000);
  });

  it('takes the secondary voltage below a transformer', () => {
    const model = modelOf(detail(tree()), []);
    // 100 A * 208 V / sqrt 3 * 3 = 36 026.6 W
    expect(powerLimit(model.nodeById.get('f1')!)).toBe(36_027);
  });

  it('takes a stated power limit where that is less', () => {
    const sources = [{ source: 'demand_response', w: 40_000 }];
    const model = modelOf(detail([node('service', null, { sources })]), []);
    expect(powerLimit(model.nodes[0]!)).toBe(40_000);
  });

  it('LIM-2 counts unmanaged load on both sides: what is used and what is allowed', () => {
    const currents = {
      limit_ma: [90_000, 90_000, 90_000], allowed_ma: [100_000, 100_000, 100_000],
      unmanaged_ma: [10_000, 10_000, 10_000],
      reserved_ma: [80_000, 80_000, 80_000], measured_ma: [95_000, 95_000, 95_000],
    } as const;
    const metered = node('m', null, { ...currents, has_meter: true } as never);
    // 80 A reserved and 10 A beside them of 90 + 10 A; the meter sees 95 A, all of it
    expect(lineLoads(metered)[0]).toMatchObject({ reserved: 0.9, measured: 0.95 });
    const declared = node('d', null, { ...currents, measured_ma: [75_000, 0, 0] } as never);
    // without a meter the 75 A are the connectors' alone: 75 + 10 A
    expect(lineLoads(declared)[0]).toMatchObject({ measured: 0.85 });
  });

  it('LIM-2 shows load beside the connectors that alone is above the limit as over', () => {
    // 100 A allowed, 120 A beside the connectors: nothing is left, and 1.2 of the limit flows
    const model = modelOf(detail([node('service', null, {
      limit_ma: [0, 0, 0], unmanaged_ma: [120_000, 0, 0], measured_ma: [120_000, 0, 0],
      has_meter: true,
    })]), []);
    expect(fullness(model.nodes[0]!)).toBe(1.2);
    expect(levelOf(model.nodes[0]!)).toBe('over');
  });

  it('LIM-3 shows what may flow where a meter is lost: connectors and the most beside', () => {
    const lost = node('service', null, {
      limit_ma: [60_000, 0, 0], unmanaged_ma: [40_000, 0, 0], measured_ma: [10_000, 0, 0],
      has_meter: true, is_meter_stale: true,
    });
    // 10 A + 40 A of 100 A
    expect(lineLoads(lost)[0]).toMatchObject({ limit_ma: 100_000, measured: 0.5 });
  });

  it('LIM-1 shows a line over 1 % above its limit as over, less as full, none as easy', () => {
    const levelAt = (ma: number) => levelOf(modelOf(
      detail([node('service', null, { measured_ma: [0, ma, 0] })]), []).nodes[0]!);
    expect(levelAt(101_001)).toBe('over');
    expect(levelAt(101_000)).toBe('full'); // a load that moved by an ampere
    const reserved = modelOf(detail([node('service', null, {
      reserved_ma: [0, 115_000, 0], measured_ma: [0, 70_000, 101_001] })]), []).nodes[0]!;
    const [, second, third] = lineLoads(reserved).map((line) => levelOfLine(line, false));
    expect([second, third]).toEqual(['full', 'over']); // what is reserved alone is no alarm
    expect(levelOf(reserved)).toBe('over');
    expect(levelOfLine(lineLoads(reserved)[1]!, true)).toBe('over');
    const nothing = { limit_ma: [0, 0, 0], allowed_ma: [0, 0, 0] } as const;
    const closed = modelOf(detail([node('service', null, nothing as never)]), []);
    expect(fullness(closed.nodes[0]!)).toBe(0);
    expect(levelOf(closed.nodes[0]!)).toBe('easy');
  });

  it('LIM-2 says the power of a limit that binds by power, none of one by current', () => {
    const sources = [{ source: 'rating', ma: [100_000, 100_000, 100_000] },
      { source: 'demand_response', w: 40_000 }];
    const at = (source: string) =>
      bindingPower(node('service', null, { source, sources } as never));
    expect(at('demand_response')).toBe(40_000);
    expect(at('rating')).toBeUndefined();
  });

  it('LIM-1 shows a node with a violation as over, where it is more than a notice', () => {
    const levelWith = (severity: string) => {
      const model = modelOf(detail([node('service', null, {})]), []);
      const event = { nodes: [], stations: [], connectors: [], sessions: [], constraints: [],
        violations: [{ subject: 'service', severity }] };
      return levelOf(applied(model, event as never).nodes[0]!);
    };
    expect(levelWith('info')).toBe('easy');
    expect(levelWith('warning')).toBe('over');
  });
});

describe('the single-line diagram', () => {
  const ten = () => modelOf(detail(tree()), Array.from({ length: 10 }, (_, place) =>
    station(`CP-${place}`, place < 5 ? 'f1' : 'f2')));

  it('stands in columns where there is room and in rows where there is not', () => {
    expect(layoutOf(ten(), 1040).orientation).toBe('columns');
    expect(layoutOf(ten(), 360).orientation).toBe('rows');
  });

  it('no two stations overlap and all hang on the busbar of their node', () => {
    const model = ten();
    const layout = layoutOf(model, 1040);
    const sorted = [...layout.stations].sort((a, b) => a.x - b.x);
    sorted.slice(1).forEach((each, place) =>
      expect(each.x - each.width / 2).toBeGreaterThanOrEqual(
        sorted[place]!.x + sorted[place]!.width / 2));
    for (const each of layout.stations) {
      const on = layout.nodes.find((placed) =>
        placed.id === model.stationById.get(each.id)?.node)!;
      expect(each.fromY).toBe(on.y);
      expect(each.x).toBeGreaterThanOrEqual(on.busFrom);
      expect(each.x).toBeLessThanOrEqual(on.busTo);
    }
  });

  it('every child hangs on its parent’s busbar', () => {
    const layout = layoutOf(ten(), 1040);
    const at = (id: string) => layout.nodes.find((placed) => placed.id === id)!;
    expect(at('f1').fromY).toBe(at('t1').y);
    expect(at('f2').x).toBeLessThanOrEqual(at('t1').busTo);
    expect(at('f1').x).toBeGreaterThanOrEqual(at('t1').busFrom);
  });

  it('rows never overlap and stay within the width', () => {
    const layout = layoutOf(ten(), 360);
    const ys = [...layout.nodes, ...layout.stations].map((each) => each.y).sort((a, b) => a - b);
    ys.slice(1).forEach((y, place) =>
      expect(y - ys[place]!).toBeGreaterThanOrEqual(sizes.stationRow));
    for (const each of layout.stations) expect(each.x + each.width).toBeLessThanOrEqual(360);
  });

  it('draws from a dozen stations on as tiles side by side, that never overlap', () => {
    const model = modelOf(detail(tree()), Array.from({ length: 24 }, (_, place) =>
      station(`CP-${place}`, place % 2 === 0 ? 'f1' : 'f2')));
    for (const [width, mostHigh] of [[1040, 500], [360, 900]] as const) {
      const layout = layoutOf(model, width);
      expect(layout.stations).toHaveLength(24);
      expect(layout.stations.every((each) => each.shape === 'tile')).toBe(true);
      // As rows of 40 px they alone would take 24 * 40 = 960 px.
      expect(layout.height).toBeLessThan(mostHigh);
      for (const each of layout.stations) {
        expect(each.x + each.width).toBeLessThanOrEqual(width);
        const beside = layout.stations.filter((other) =>
          other !== each && other.y === each.y && other.x >= each.x);
        for (const other of beside) expect(other.x).toBeGreaterThan(each.x + each.width);
      }
      const ys = [...new Set(layout.stations.map((each) => each.y))].sort((a, b) => a - b);
      ys.slice(1).forEach((y, place) => expect(y - ys[place]!).toBeGreaterThanOrEqual(40));
    }
  });

  it('draws many stations as one group a node, each reachable by keyboard', () => {
    const model = modelOf(detail(tree()), Array.from({ length: 2000 }, (_, place) =>
      station(`CP-${place}`, place % 2 === 0 ? 'f1' : 'f2')));
    const layout = layoutOf(model, 1040);
    expect(layout.stations).toHaveLength(0);
    expect(layout.groups.map((group) => group.node)).toEqual(['f1', 'f2']);
    expect(layout.order).toEqual(['service', 't1', 'f1', 'group:f1', 'f2', 'group:f2']);
  });

  it('a site without nodes has an empty drawing', () => {
    expect(layoutOf(modelOf(detail([]), []), 500).nodes).toEqual([]);
  });
});

describe('filters', () => {
  it('find stations by every word, in id, feeder or driver', () => {
    const model = applied(twoFeeders(), event({ sessions: [session('x', 'CP-3')] }));
    const ids = (search: string, condition = 'all' as const, under = '') =>
      filteredStations(model, { search, condition, node: under }).map((each) => each.station);
    expect(ids('alice f2')).toEqual(['CP-3']);
    expect(ids('alice f1')).toEqual([]);
    expect(ids('', 'all', 't1')).toHaveLength(3);
    expect(ids('', 'all', 'f1')).toEqual(['CP-1', 'CP-2']);
  });

  it('let through one condition only', () => {
    const ids = filteredStations(twoFeeders(), { search: '', condition: 'faulted', node: '' });
    expect(ids.map((each) => each.station)).toEqual(['CP-2']);
  });
});

describe('a station that takes no new driver', () => {
  it('is closed when it is unwell or says why, but not because somebody is there', () => {
    const state = { station: 'CP-1', is_healthy: true, closed_because: '' };
    expect(isClosed(state)).toBe(false);
    expect(isClosed({ ...state, closed_because: 'occupied' })).toBe(false);
    expect(isClosed({ ...state, closed_because: 'breaker open' })).toBe(true);
    expect(isClosed({ ...state, is_healthy: false })).toBe(true);
  });
});

describe('courses and journal', () => {
  it('a history keeps the newest samples in order, with gaps', () => {
    const history = new History(3, 1);
    for (const second of [1, 2, 3, 4]) history.add(second, [second === 3 ? Number.NaN : second]);
    history.add(4, [99]);
    expect(history.columns()).toEqual([[2, 3, 4], [2, null, 4]]);
  });

  it('LIM-3 the course of a connector has a gap while it is not heard', () => {
    const of = (is_stale: boolean) => courseOf(connector('CP-1-1', {
      is_stale, grant_ma: 6_000, target_ma: 8_000, drawn_ma: [0, 5_000, 0], power_w: 1_150 }));
    expect(of(false)).toEqual([6_000, 5_000, 8_000, 1_150]);
    expect(of(true)).toEqual([6_000, Number.NaN, 8_000, Number.NaN]);
  });

  it('a shelf is bounded: the history unused for longest goes', () => {
    const shelf = new HistoryShelf(2, 3);
    const first = shelf.of('a', 1);
    shelf.of('b', 1);
    expect(shelf.of('a', 1)).toBe(first);
    shelf.of('c', 1);
    shelf.of('b', 1);
    expect(shelf.of('a', 1)).not.toBe(first);
  });

  it('an entry that comes twice is kept once, newest first, at most a thousand', () => {
    const entry = (number: number) => ({ number } as JournalEntry);
    const once = withEntries([], [entry(1), entry(2)]);
    expect(withEntries(once, [entry(2), entry(3)]).map((each) => each.number)).toEqual([3, 2, 1]);
    expect(withEntries(once, [entry(2)])).toBe(once);
    const many = Array.from({ length: 1500 }, (_, place) => entry(place));
    expect(withEntries([], many)).toHaveLength(1000);
  });

  it('progress takes no room in the journal and shows where it is asked for', () => {
    const told = { role: 'driver', kind: 'in_progress', level: 'info', text: '' } as JournalEntry;
    const other = { ...told, kind: 'accepted' };
    const all = Array.from({ length: 1500 }, (_, place) => (
      { ...(place === 0 ? other : told), number: place }));
    const kept = withEntries([], all);
    expect(kept).toHaveLength(201);
    const shown = (hasProgress: boolean) => filteredJournal(
      kept, { role: 'all', level: 'all', search: '', hasProgress }, (entry) => entry.text);
    expect(shown(false).map((each) => each.number)).toEqual([0]);
    expect(shown(true)).toHaveLength(201);
  });

  it('progress is what the manual names so: facts of the engine, and what drivers tell', () => {
    const kinds = manualKinds();
    expect(kinds.length).toBeGreaterThan(50);
    const entry = (role: string, kind?: string) => ({ role, kind }) as JournalEntry;
    expect(kinds.filter((kind) => isProgress(entry('driver', kind))))
      .toEqual(['in_progress', 'session_IN_PROGRESS']);
    expect(kinds.filter((kind) => isProgress(entry('central', kind))))
      .toEqual(['session_IN_PROGRESS']);
  });

  it('the fixture speaks of events by the kinds of the manual', () => {
    const site = new FixtureSite(3, 1);
    site.setFault('CP-001', 'silence');
    expect(site.journal.map((each) => each.kind).filter((kind) => !manualKinds().includes(kind)))
      .toEqual([]);
  });
});
