// When a driver leaves and what it wants by then, as the engine has them; what it will miss is said
// by the engine itself.

import type { SessionNow } from './api_types';
import { moment } from './format';

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
