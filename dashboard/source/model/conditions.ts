// The condition of a connector or station, and the word that people read for it.

import type { ConnectorNow } from './api_types';

export type Condition = 'supplying' | 'suspended' | 'activated' | 'disconnected' | 'faulted'
  | 'unavailable' | 'stale';
export const conditions: Condition[] =
  ['supplying', 'suspended', 'activated', 'disconnected', 'faulted', 'unavailable', 'stale'];

/// The API and the logs keep the protocol's state names, where a point that is ready is ACTIVATED
/// with a vehicle or without; the page says what a driver would say.
export const conditionWords: Record<Condition, string> = {
  supplying: 'Charging', suspended: 'Suspended', activated: 'Plugged in', disconnected: 'Free',
  faulted: 'Faulted', unavailable: 'Unavailable', stale: 'Offline',
};

/// What a vehicle draws at most while it does not charge (control electronics), in mA per line.
const idleDrawMa = 500;

export function conditionOf(connector: ConnectorNow): Condition {
  if (connector.state === 'FAULTED') return 'faulted';
  if (connector.is_stale) return 'stale';
  if (connector.state === 'SUPPLYING') {
    const draws = connector.drawn_ma.some((each) => Math.abs(each) > idleDrawMa);
    return draws ? 'supplying' : 'suspended';
  }
  if (connector.state === 'ACTIVATED') return connector.is_plugged ? 'activated' : 'disconnected';
  return connector.state === 'UNAVAILABLE' ? 'unavailable' : 'stale';
}
