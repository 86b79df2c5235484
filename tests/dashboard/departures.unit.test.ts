import { beforeEach, describe, expect, it } from 'vitest';
import { departureLine, expectedLine, nextTimeOfDay }
  from '../../dashboard/source/model/departures';
import { useTimeZone } from '../../dashboard/source/model/format';
import { session } from './unit_site';

const evening = Date.parse('2026-05-01T20:00:00Z');

beforeEach(() => useTimeZone('UTC'));

describe('the line about a departure', () => {
  it('says when its driver leaves and what it wants, at the time of day of the site', () => {
    const open = session('s', 'CP-1', {
      departs_at: '2026-05-01T21:30:00Z', energy_wanted_wh: 20_000, expected_wh: 20_000,
      shortfall_wh: 0,
    });
    expect(departureLine(open, evening))
      .toEqual({ text: 'leaves 21:30, wants 20 kWh', isShort: false });
    useTimeZone('Europe/Zurich');
    expect(departureLine(open, evening)?.text).toBe('leaves 23:30, wants 20 kWh');
  });

  it('names the day where it is another one', () => {
    const open = session('s', 'CP-1', { departs_at: '2026-05-02T05:00:00Z' });
    expect(departureLine(open, evening)?.text).toBe('leaves 2 May 05:00');
  });

  it('says what will be missed as the engine does', () => {
    const open = session('s', 'CP-1', {
      departs_at: '2026-05-02T05:00:00Z', energy_wanted_wh: 20_000, expected_wh: 8_000,
      shortfall_wh: 12_000, short_because_of: { rule: 'LIM-1', node: 'f-dc' },
      short_text: '12 kWh short at 05:00, because of f-dc',
    });
    expect(departureLine(open, evening))
      .toEqual({ text: '12 kWh short at 05:00, because of f-dc', isShort: true });
    expect(expectedLine(open)).toBe('8 of 20 kWh');
  });

  it('says nothing of a driver who has said nothing', () => {
    expect(departureLine(session('s', 'CP-1'), evening)).toBeUndefined();
    expect(expectedLine(session('s', 'CP-1'))).toBeUndefined();
    expect(departureLine(session('s', 'CP-1', { energy_wanted_wh: 7_250 }), evening)?.text)
      .toBe('wants 7.3 kWh');
  });
});

describe('a time of day that somebody types', () => {
  it('is the next one at the site', () => {
    expect(nextTimeOfDay('21:30', evening)).toBe('2026-05-01T21:30:00.000Z');
    expect(nextTimeOfDay('05:00', evening)).toBe('2026-05-02T05:00:00.000Z');
    expect(nextTimeOfDay('20:00', evening)).toBe('2026-05-02T20:00:00.000Z');
    useTimeZone('Europe/Zurich'); // 22:00 there
    expect(nextTimeOfDay('7:15', evening)).toBe('2026-05-02T05:15:00.000Z');
  });

  it('is right over a change of the clocks', () => {
    useTimeZone('Europe/Zurich');
    // On 25 October 2026 at 03:00 the clocks go back to 02:00: 07:00 is at 06:00 UTC, not 05:00.
    expect(nextTimeOfDay('07:00', Date.parse('2026-10-24T20:00:00Z')))
      .toBe('2026-10-25T06:00:00.000Z');
    // On 28 March 2027 they go forward.
    expect(nextTimeOfDay('07:00', Date.parse('2027-03-27T20:00:00Z')))
      .toBe('2027-03-28T05:00:00.000Z');
  });

  it('is nothing where it is none', () => {
    for (const text of ['', '24:00', '12:60', 'noon', '5', '12:00:00'])
      expect(nextTimeOfDay(text, evening)).toBeUndefined();
  });
});
