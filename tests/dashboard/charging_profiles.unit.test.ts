import { describe, expect, it } from 'vitest';
import type { InstalledProfile } from '../../dashboard/source/model/api_types';
import { beginOf, saysWhichClock } from '../../dashboard/source/model/charging_profiles';
import { useTimeZone } from '../../dashboard/source/model/format';

const now = Date.parse('2026-07-01T12:00:00Z');

function profile(kind: 'Absolute' | 'Recurring' | 'Relative', startSchedule?: string,
  recurrencyKind?: 'Daily' | 'Weekly'): InstalledProfile {
  return {
    connectorId: 1,
    installed_at: '2026-07-01T10:00:00Z',
    csChargingProfiles: {
      chargingProfileId: 41, stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: kind, ...(recurrencyKind ? { recurrencyKind } : {}),
      chargingSchedule: {
        ...(startSchedule ? { startSchedule } : {}), chargingRateUnit: 'A',
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }],
      },
    },
  };
}

describe('when an OCPP profile begins', () => {
  it('is UTC where it recurs and the site’s time where it does not', () => {
    useTimeZone('Europe/Berlin');
    // 2026-07-03 is a Friday; Berlin is two hours ahead in July.
    expect(beginOf(profile('Recurring', '2026-07-03T18:00:00Z', 'Daily'), now))
      .toBe('each day at 18:00 UTC');
    expect(beginOf(profile('Recurring', '2026-07-03T18:00:00Z', 'Weekly'), now))
      .toBe('each Friday at 18:00 UTC');
    expect(beginOf(profile('Absolute', '2026-07-01T18:00:00Z'), now))
      .toBe('at 20:00 (Europe/Berlin)');
    expect(beginOf(profile('Relative'), now)).toBe('from the session’s start');
    expect(beginOf(profile('Absolute'), now)).toBe('from now on');
    useTimeZone('UTC');
  });

  it('needs a word about clocks where one recurs', () => {
    expect(saysWhichClock([profile('Absolute')])).toBe(false);
    expect(saysWhichClock([profile('Absolute'), profile('Recurring')])).toBe(true);
  });
});
