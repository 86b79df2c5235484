// When a driver leaves and what it wants by then, as the engine has them; what it will miss is said
// by the engine itself.

import type { SessionNow } from './api_types';
import { moment, timeZone } from './format';

export interface DepartureLine {
  text: string;
  isShort: boolean;
}

function inKilowattHours(wattHours: number): string {
  return `${(wattHours / 1000).toLocaleString('en-IE', { maximumFractionDigits: 1 })} kWh`;
}

/// "leaves 05:00, wants 20 kWh", or what the session will miss: "12 kWh short at 05:00, because of
/// f-dc". Nothing where its driver has said neither.
export function departureLine(session: SessionNow, now: number): DepartureLine | undefined {
  if (session.short_text !== null) return { text: session.short_text, isShort: true };
  const parts: string[] = [];
  if (session.departs_at !== null) parts.push(`leaves ${moment(session.departs_at, now)}`);
  if (session.energy_wanted_wh !== null) {
    parts.push(`wants ${inKilowattHours(session.energy_wanted_wh)}`);
  }
  return parts.length === 0 ? undefined : { text: parts.join(', '), isShort: false };
}

/// "8 of 20 kWh": what it will have of what it wants when it leaves.
export function expectedLine(session: SessionNow): string | undefined {
  if (session.expected_wh === null || session.energy_wanted_wh === null) return undefined;
  const expected = inKilowattHours(session.expected_wh).replace(' kWh', '');
  return `${expected} of ${inKilowattHours(session.energy_wanted_wh)}`;
}

const minute = 60_000;
const day = 1440;

/// Minutes since midnight at the site.
function minuteOfDay(at: number): number {
  const text = new Date(at).toLocaleTimeString('en-GB', {
    hour: '2-digit', minute: '2-digit', timeZone: timeZone(),
  });
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/// The next instant after `now` at which the site's clock shows "05:30"; nothing where that is no
/// time of day. In an hour that a change of the clocks leaves out: as much later.
export function nextTimeOfDay(text: string, now: number): string | undefined {
  const found = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim());
  if (!found) return undefined;
  const wanted = Number(found[1]) * 60 + Number(found[2]);
  const begun = Math.floor(now / minute) * minute;
  const ahead = (wanted - minuteOfDay(begun) + day) % day;
  let at = begun + (ahead === 0 ? day : ahead) * minute;
  // The clocks may change in between: by less than half a day.
  const off = (wanted - minuteOfDay(at) + day + day / 2) % day - day / 2;
  at += off * minute;
  return new Date(at).toISOString();
}
