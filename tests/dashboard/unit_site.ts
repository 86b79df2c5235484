// A site of one transformer and two feeders for unit tests: only what matters is said by the test.

import type {
  ConnectorFacts, ConnectorNow, SessionNow, SiteDetail, SiteNode, Station, StreamSite,
}
  from '../../dashboard/source/model/api_types';

export function node(id: string, parent: string | null, change: Partial<SiteNode> = {}): SiteNode {
  return {
    node: id, name: id, kind: parent === null ? 'service' : 'feeder', parent, has_meter: false,
    transformer: null, limit_ma: [100_000, 100_000, 100_000],
    allowed_ma: [100_000, 100_000, 100_000], source: 'breaker',
    sources: [{ source: 'breaker', ma: [100_000, 100_000, 100_000] }], reserved_ma: [0, 0, 0],
    unmanaged_ma: [0, 0, 0], measured_ma: [0, 0, 0], power_w: 0, is_meter_stale: false, ...change,
  };
}

export function connector(
  id: string, change: Partial<ConnectorNow & ConnectorFacts> = {},
): ConnectorNow & ConnectorFacts {
  return {
    connector: id, kind: 'ac', connection: 'wye', lines: ['L1', 'L2', 'L3'], min_ma: 6000,
    max_ma: 32_000, step_ma: 1000, power_max_w: 22_000, state: 'ACTIVATED', is_stale: false,
    is_plugged: false, last_heard: null, target_ma: 0, grant_ma: 0, reserve_ma: 0,
    drawn_ma: [0, 0, 0], power_w: 0, energy_wh: 0, soc_permille: null,
    because: { rule: 'not_wanted' }, setpoint_ma: 0,
    tracking_error_ma: null, tracking_samples: 0, lines_now: null, used_lines: null,
    escalation: 'none',
    constraint: null, direction: 'charge', battery: null, energy_wanted_wh: null,
    departs_at: null, shortfall_wh: 0, ...change,
  };
}

export function station(
  id: string, on: string, change: Partial<ConnectorNow & ConnectorFacts> = {},
): Station {
  return {
    site: 's', station: id, name: '', node: on, is_healthy: true, closed_because: '',
    clock_ahead_ms: 0, priority: 5,
    weight: 1, price_per_kwh_micro: 300_000, capability: '',
    fallback: { action: 'reduce', ma: 6000, timeout_s: 120 },
    connectors: [connector(`${id}-1`, change)],
  };
}

export function session(id: string, at: string, change: Partial<SessionNow> = {}): SessionNow {
  return {
    session: id, driver: 'Alice', station: at, connector: `${at}-1`,
    started_at: '2026-05-01T12:00:00Z', power_w: 0, energy_wh: 0, cost_micro: 0,
    energy_wanted_wh: null, departs_at: null, expected_wh: null, shortfall_wh: null,
    short_because_of: null, short_text: null, ...change,
  };
}

export function detail(nodes: SiteNode[]): SiteDetail {
  return {
    site: 's', name: 'Site', topology: 't', mode: 'controlling', mode_because: '', policy: 'equal',
    currency: 'EUR', nominal_mv: 230_000, stations: 0, faults_allowed: true, nodes,
  };
}

export const tree = (): SiteNode[] => [
  node('service', null),
  node('t1', 'service', {
    kind: 'transformer',
    transformer: {
      rated_va: 75_000, winding: 'delta-wye', primary_mv: null, secondary_mv: 208_000,
    },
  }),
  node('f1', 't1'), node('f2', 't1'),
];

export function event(change: Partial<StreamSite> = {}): StreamSite {
  return {
    site: 's', number: 1, at: '2026-05-01T12:00:00.000000Z', topology: 't', mode: 'controlling',
    mode_because: '', policy: 'equal', epoch: 1, plan_number: 1, plan_us: 40, nodes: [],
    stations: [], connectors: [], sessions: [], violations: [], constraints: [],
    shedding: {
      enabled: true, level: 0, is_forced: false, changed_at: null, load_permille: null,
      load_unexplained_permille: null, node: null, connectors_reduced: 0, reduced_by_ma: 0,
      active: false, state: 'inactive',
    },
    ...change,
  };
}
