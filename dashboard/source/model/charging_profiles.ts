// The OCPP charging profiles of a station, in one line each. Whatever repeats does so in UTC (OCPP
// 1.6, 3.13): a day is 24 hours after its start, also where the site's clocks change.

import type { InstalledProfile } from './api_types';
import { moment, timeZone } from './format';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const utcClock = (time: string): string =>
  `${new Date(time).toISOString().slice(11, 16)} UTC`;

/// When it begins: "each day at 18:00 UTC", "each Friday at 18:00 UTC", "at 20:00 (Europe/Berlin)".
export function beginOf({ csChargingProfiles: profile }: InstalledProfile, now: number): string {
  const start = profile.chargingSchedule.startSchedule;
  if (profile.chargingProfileKind === 'Relative') return 'from the session’s start';
  if (start === undefined || Number.isNaN(Date.parse(start))) return 'from now on';
  if (profile.chargingProfileKind === 'Absolute') return `at ${moment(start, now)} (${timeZone()})`;
  const day = profile.recurrencyKind === 'Weekly' ? weekdays[new Date(start).getUTCDay()] : 'day';
  return `each ${day} at ${utcClock(start)}`;
}

export function saysWhichClock(installed: readonly InstalledProfile[]): boolean {
  return installed.some((each) => each.csChargingProfiles.chargingProfileKind === 'Recurring');
}
