import { beforeEach, describe, expect, it } from 'vitest';
import { departureLine, expectedLine } from '../../dashboard/source/model/departures';
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
