import { describe, expect, it } from 'vitest';
import {
  causeWords, eventHeight, eventWords, nameOf,
} from '../../dashboard/source/model/event_words';
import * as format from '../../dashboard/source/model/format';
import { disobedience, stepName } from '../../dashboard/source/model/obedience';
import { explain, sourceName, type ReasonContext } from '../../dashboard/source/model/reasons';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('events as people read them', () => {
  const names = new Map([['CP-008', { name: '22 kW AC' }], ['CP-009', { name: '' }]]);

  it.each([
    ['DISCONNECTED to ACTIVATED (engine started)', 'Offline to Free (engine started)'],
    ['CP-008 ACTIVATED to SUPPLYING', '22 kW AC CP-008 Plugged in to Charging'],
    ['SUPPLYING to ACTIVATED', 'Charging to Plugged in'],
    ['SUPPLYING to FAULTED', 'Charging to Faulted'],
    ['FAULTED to ACTIVATED', 'Faulted to Free'],
    ['CLOSED to OPEN', 'CLOSED to OPEN'],
    ['may charge at CP-008, not at CP-009', 'may charge at 22 kW AC CP-008, not at CP-009'],
    ['22 kW AC CP-008 is ready', '22 kW AC CP-008 is ready'],
    ['CP-008-1 is a connector', 'CP-008-1 is a connector'],
  ])('%s is %s', (text, said) => expect(eventWords(text, names)).toBe(said));

  it('a station is called by its name before its id', () => {
    expect(nameOf('CP-008', names)).toBe('22 kW AC CP-008');
    expect(nameOf('CP-009', names)).toBe('CP-009');
    expect(nameOf('Alice', undefined)).toBe('Alice');
  });

  it('what the system did not cause says who did', () => {
    expect(causeWords({ kind: 'device', name: 'CP-008' }, names)).toBe('by device 22 kW AC CP-008');
    expect(causeWords({ kind: 'program', name: 'http api' }, names)).toBe('by program http api');
    expect(causeWords({ kind: 'system', name: '' }, names)).toBe('');
  });

  it('a row is as high as the lines that its text takes on a narrow page', () => {
    expect(eventHeight('x'.repeat(300), 1280)).toBe(34);
    expect(eventHeight('x', 390)).toBe(55);
    // (390 - 52) / 7.5 = 45 characters on a line
    expect(eventHeight('x'.repeat(46), 390)).toBe(74);
  });
});

describe('numbers as people read them', () => {
  it.each([[0, '0 W'], [999, '999 W'], [9591, '9.6 kW'], [-1500, '-1.5 kW'],
    [1_234_567, '1,235 kW']])('%d W is %s', (watts, text) => {
    expect(plain(format.power(watts))).toBe(text);
  });

  it('currents lose their decimals where these no longer matter', () => {
    expect(plain(format.current(13_900))).toBe('13.9 A');
    expect(plain(format.current(300_000))).toBe('300 A');
  });

  it('a share is rounded down: 100 % is said only when all is used', () => {
    expect(plain(format.percent(0.9999))).toBe('99 %');
    expect(plain(format.percent(1))).toBe('100 %');
    expect(plain(format.percent(0.29))).toBe('29 %');
  });

  it.each([[8, '8 s'], [60, '1 min'], [7500, '2 h 5 min'], [200_000, '2 d 7 h'], [-3, '0 s']])(
    '%d seconds are %s', (seconds, text) => expect(plain(format.duration(seconds))).toBe(text));

  it('money has its currency, also one that nobody knows', () => {
    expect(format.money(360_000, 'EUR')).toBe('€0.36');
    expect(format.money(360_000, '??')).toBe('0.36 ??');
  });

  it('energy and times', () => {
    expect(plain(format.energy(1200))).toBe('1.20 kWh');
    expect(plain(format.energy(2_500_000))).toBe('2.50 MWh');
    expect(plain(format.since('2026-05-01T12:00:00.000000Z', Date.UTC(2026, 4, 1, 12, 1)))).toBe(
      '1 min');
    expect(format.since(null, 0)).toBe('never');
    expect(format.clock('nonsense')).toBe('—');
    expect(plain(format.quantity(50_020, 'mhz'))).toBe('50.02 Hz');
  });

  it('bounds are one number where the lines are equal, three where not', () => {
    expect(plain(format.bound([10_000, 10_000, 10_000]))).toBe('10.0 A');
    expect(plain(format.bound([10_000, 12_000, 0]))).toBe('10.0 A / 12.0 A / 0.0 A');
    expect(plain(format.bound(null, 20_000))).toBe('20.0 kW');
    expect(plain(format.bound([9000], 20_000))).toBe('9.0 A, 20.0 kW');
    expect(format.bound(undefined)).toBe('');
  });

  it('a value and its bound are told apart', () => {
    const say = (value: number, allowed: number, unit = 'ma') =>
      format.compared(value, allowed, unit).map(plain);
    expect(say(66_000, 63_000)).toEqual(['66.0 A', '63.0 A']);
    expect(say(150_080, 150_000)).toEqual(['150.08 A', '150.00 A']);
    expect(say(150_004, 150_000)).toEqual(['150.004 A', '150.000 A']);
    expect(say(9000, 9000, 'w')).toEqual(['9.0 kW', '9.0 kW']);
  });

  it('a violation whose bound is kept again says so', () => {
    expect(format.aftermath(254_000, 362_000, 'ma')).toBe('back within its limit');
    expect(format.aftermath(363_000, 362_000, 'ma')).toBe('');
    expect(format.aftermath(200_000, 207_000, 'mv')).toBe('');
  });

  it('a moment has its day where that is another one', () => {
    const now = Date.parse('2026-05-01T12:00:00Z');
    expect(format.moment('2026-05-01T12:00:00Z', now)).toMatch(/^\d\d:\d\d$/);
    expect(format.moment('2026-05-09T12:00:00Z', now)).toMatch(/^9 May \d\d:\d\d$/);
    expect(format.moment('soon', now)).toBe('—');
  });

  it('long names are cut, short ones are not', () => {
    expect(format.shorten('Feeder 1', 8)).toBe('Feeder 1');
    expect(format.shorten('Feeder number one', 8)).toBe('Feeder…');
  });
});

describe('a station that does not obey', () => {
  it.each(['tell_again', 'lower_limit', 'remote_stop', 'set_unavailable', 'operator'] as const)(
    'SAFE-2 has words for step %s', (step) => {
      expect(stepName(step)).not.toBe('');
      expect(disobedience(step, true)).toMatch(/^It draws more than it was told\. .+\.$/);
      expect(disobedience(step, false)).toMatch(/^It drew more than it was told .+\.$/);
    });

  it('is said of nobody who obeys', () => expect(disobedience('none', true)).toBe(''));
});

describe('why this much', () => {
  const context: ReasonContext = {
    grant_ma: 14_000, target_ma: 14_000, max_ma: 32_000,
    nodeName: (id) => ({ f1: 'Feeder 1', t1: 'Transformer T1' })[id] ?? id,
    limitOf: (_node, source) => source === 'breaker' ? { source, ma: [63_000, 62_000, 61_000] }
      : source === 'demand_response' ? { source, w: 40_000 } : undefined,
  };
  const say = (rule: object, change: Partial<ReasonContext> = {}) =>
    plain(explain(rule as never, { ...context, ...change }).long);

  it('names the node, the line, the source and the number of a limit', () => {
    expect(say({ rule: 'LIM-1', node: 'f1', line: 'L2', source: 'breaker' })).toBe(
      'Held at 14.0 A: L2 of Feeder 1 is fully used (breaker, 62.0 A). That is its fair share.');
  });

  it('speaks of power and of a transformer’s primary lines', () => {
    expect(say({ rule: 'LIM-1', node: 'f1', line: 'power', source: 'demand_response' })).toContain(
      'the total power of Feeder 1 is fully used (demand response, 40.0 kW)');
    expect(say({ rule: 'LIM-1', node: 't1', line: 'primary L3', source: 'transformer' })).toContain(
      'primary L3 of Transformer T1 is fully used (transformer rating)');
  });

  it('tells room that is used from room that others have and do not draw', () => {
    const held = { rule: 'LIM-1', node: 'f1', line: 'L2', source: 'breaker' };
    expect(say(held, { liftedBy: { text: '4 A more on L2 of Feeder 1, or CP-3 leaving',
      more_ma: 4000, leaving: 'CP-3-1', unused_ma: 9000 } })).toBe(
      'Held at 14.0 A: L2 of Feeder 1 is reserved for others (breaker, 62.0 A), who do not draw '
      + '9.0 A of it now. That is its fair share. '
      + 'More with: 4 A more on L2 of Feeder 1, or CP-3 leaving.');
    expect(say({ ...held, line: 'power' }, { liftedBy: { text: 'x', unused_w: 2100 } })).toContain(
      'who do not draw 2.1 kW of it now');
  });

  it('says of a turn what makes it needed, who comes before and when it is at the latest', () => {
    const turn = { rule: 'turn', node: 'f1', line: 'L1', source: 'breaker', place: 3,
      turn_by: '2026-05-01T12:35:00.000000Z' };
    expect(say(turn)).toBe(
      'Waits for its turn: the minimum currents of all vehicles do not fit in L1 of Feeder 1 '
      + '(breaker) at once. 2 come before it. Its turn begins by 12:35:00 UTC at the latest.');
    expect(say({ ...turn, place: 1 })).toContain('It comes next.');
    expect(say({ ...turn, line: 'power' })).toContain('in the power of Feeder 1');
    expect(say(turn, { liftedBy: { text: 'x', unused_ma: 6000 } })).toContain(
      'Others do not draw 6.0 A of what they may.');
    expect(explain(turn, context).short).toBe('waits, number 3');
  });

  it('says of one that only rests when its minimum off time ends', () => {
    const until = '2026-05-01T12:35:00.000000Z';
    const rests = { rule: 'turn', place: 1, turn_by: until, rests_until: until };
    expect(say(rests)).toBe('Rests: it was off for less than its minimum off time, which ends at '
      + '12:35:00 UTC. Nothing else stands against its turn.');
    expect(explain(rests, context).short).toBe('rests after its turn');
    expect(say({ ...rests, node: 'f1', line: 'L1', source: 'breaker',
      turn_by: '2026-05-01T13:00:00Z' })).toContain(
      'Its turn begins by 13:00:00 UTC at the latest. It rests until 12:35:00: that is its '
      + 'minimum off time.');
  });

  it('says of one whose station changes its lines when that ends', () => {
    const until = '2026-05-01T12:35:00.000000Z';
    expect(say({ rule: 'turn', place: 1, turn_by: until, switches_until: until })).toBe(
      'Pauses: its station changes the lines that it uses, until 12:35:00 UTC at the latest.');
  });

  it('LIM-8 says of a line that the vehicle does not use that room is kept there', () => {
    const kept = { rule: 'LIM-1', node: 'f1', line: 'L2', source: 'breaker', kept: true };
    expect(say(kept)).toBe('Held at 14.0 A: its vehicle does not use L2 now, and room is kept '
      + 'there in case it begins to; L2 of Feeder 1 has no more (breaker, 62.0 A).');
  });

  it('says of a level of load shedding that was set by hand that it stays until released', () => {
    expect(say({ rule: 'load_shedding' })).toContain('more is measured than its plan can explain');
    const byHand = say({ rule: 'load_shedding' },
      { liftedBy: { text: 'the release of level 4, which was set by hand', level_by_hand: 4 } });
    expect(byHand).toBe('Held at 14.0 A: load shedding was set to level 4 by hand, by priority, '
      + 'until it is released. More with: the release of level 4, which was set by hand.');
  });

  it('says nothing of lifting where there is nothing to lift', () => {
    for (const rule of ['max', 'not_wanted'])
      expect(say({ rule }, { liftedBy: { text: 'nothing' } })).not.toContain('More with');
  });

  it('says that a raise waits for others to come down', () => {
    expect(say({ rule: 'max' }, { grant_ma: 10_000, target_ma: 32_000 })).toContain(
      'Told 10.0 A for now: it is raised once others have come down.');
  });

  it.each(['LIM-1', 'max', 'demand', 'turn', 'not_wanted', 'ramp', 'fallback', 'unspecified',
    'input_lost', 'load_shedding', 'operator', 'derating', 'disobedience'])(
    'has words for rule %s', (rule) => {
      const why = explain({ rule }, context);
      expect(why.short).not.toBe('');
      expect(why.long).toMatch(/\.$/);
    });

  it('has words for every source, also for one it does not know', () => {
    expect(sourceName('peak_demand')).toBe('peak demand');
    expect(sourceName('meter_lost')).toBe('meter lost');
    expect(sourceName('moon_phase')).toBe('moon phase');
    expect(sourceName('unspecified')).toBe('no stated source');
  });
});
