// The members of adapters/http/openapi.json that the page reads, under the names they have there;
// those of supervision stand in api_supervision.ts.
// Units stand last in names: _ma, _w, _wh, _mv, _permille, _micro, _us. Times are RFC 3339.

export type * from './api_supervision';

export type LineCurrents = [number, number, number];
export type NodeKind = 'service' | 'transformer' | 'feeder' | 'panel' | 'unspecified';
export type ConnectorState =
  | 'DISCONNECTED' | 'ACTIVATED' | 'SUPPLYING' | 'FAULTED' | 'UNAVAILABLE' | 'unspecified';
export type Severity = 'info' | 'warning' | 'critical' | 'unspecified';
export type Role = 'central' | 'cp' | 'monitor' | 'driver' | 'log' | 'unspecified';
export type Escalation =
  'none' | 'tell_again' | 'lower_limit' | 'remote_stop' | 'set_unavailable' | 'operator';
export type FaultKind =
  | 'clear' | 'station_fault' | 'monitor_failure' | 'silence' | 'disobey' | 'meter_loss'
  | 'low_voltage' | 'low_frequency' | 'low_power_factor';

export interface Reason {
  rule: string;
  node?: string;
  line?: string;
  source?: string;
  /// turn: its place in the line, 1 comes next, and when its turn begins at the latest.
  place?: number;
  turn_by?: string;
  /// It was off for less than the minimum off time, which ends then.
  rests_until?: string;
  /// Its station changes the lines that it uses, until then at the latest.
  switches_until?: string;
  /// Its vehicle does not use `line` now: room is kept there in case it begins to.
  kept?: boolean;
}

/// What would lift a reason, at the node and on the line that it names.
export interface LiftedBy {
  text: string;
  /// Reserved for others that do not draw it; neither: the room is used.
  unused_ma?: number;
  unused_w?: number;
  more_ma?: number;
  more_w?: number;
  /// A connector.
  leaving?: string;
  /// load_shedding: the level, where it was set by hand and stays until it is released.
  level_by_hand?: number;
}

export interface Limit {
  source: string;
  ma?: LineCurrents;
  w?: number;
}

export interface NodeState {
  node: string;
  /// What is left for managed connectors: the source less `unmanaged_ma`.
  limit_ma: LineCurrents;
  /// What the source allows, `unmanaged_ma` included.
  allowed_ma: LineCurrents;
  unmanaged_ma: LineCurrents;
  /// What of it is reserved for connectors that hung here or below before the tree changed.
  left_behind?: { station: string; connector: string; current_ma: LineCurrents; until: string }[];
  /// What is left of its power; null: its power is not limited.
  limit_w?: number | null;
  source: string;
  sources: Limit[];
  reserved_ma: LineCurrents;
  measured_ma: LineCurrents;
  power_w: number;
  is_meter_stale: boolean;
}

export interface Transformer {
  rated_va: number;
  winding: string;
  primary_mv: number | null;
  secondary_mv: number;
}

export interface SiteNode extends NodeState {
  name: string;
  kind: NodeKind;
  parent: string | null;
  has_meter: boolean;
  transformer: Transformer | null;
}

export interface SiteFacts {
  site: string;
  name: string;
  topology: string;
  mode: string;
  mode_because: string;
  policy: string;
  currency: string;
  nominal_mv: number;
  stations: number;
}

/// One of all sites: what makes it worse than another, and its load.
export interface SiteSummary extends SiteFacts {
  /// Of the snapshot.
  at: string;
  connectors: number;
  supplying: number;
  faulted: number;
  stale: number;
  /// Open ones.
  sessions: number;
  violations: number;
  worst_violation: Severity | null;
  meters_lost: number;
  shedding_level: number;
  /// The engine node that plans it; empty while that starts.
  owner: string;
  // Of the service, as of a node.
  power_w: number;
  source: string;
  limit_ma: LineCurrents;
  allowed_ma: LineCurrents;
  unmanaged_ma: LineCurrents;
  reserved_ma: LineCurrents;
  measured_ma: LineCurrents;
  /// What its power is limited to as a whole; null: it is not.
  allowed_w: number | null;
  has_meter: boolean;
  is_meter_stale: boolean;
}

export interface SiteDetail extends SiteFacts {
  /// IANA name; absent: the engine says none, and times are UTC.
  time_zone?: string;
  faults_allowed: boolean;
  nodes: SiteNode[];
}

export interface ConnectorNow {
  connector: string;
  state: ConnectorState;
  is_stale: boolean;
  is_plugged: boolean;
  last_heard: string | null;
  target_ma: number;
  grant_ma: number;
  reserve_ma: number;
  drawn_ma: LineCurrents;
  power_w: number;
  energy_wh: number;
  soc_permille: number | null;
  because: Reason;
  lifted_by?: LiftedBy;
  /// What it was told last, as acknowledged.
  setpoint_ma: number;
  /// Mean of actual less setpoint; null before the first sample.
  tracking_error_ma: number | null;
  tracking_samples: number;
  lines_now: number | null;
  /// The site's lines that its vehicle charges on, where it leaves some out; otherwise null.
  used_lines: string[] | null;
  escalation: Escalation;
  constraint: ConnectorConstraint | null;
  direction: Direction;
  battery: Battery | null;
  /// Of its session; null: not said, or no session.
  energy_wanted_wh: number | null;
  departs_at: string | null;
  shortfall_wh: number;
}

/// The way of what is granted; powers and drawn currents are negative for export.
export type Direction = 'charge' | 'export';

/// A charging profile as OCPP 1.6 words it, and where it was installed.
export interface InstalledProfile {
  /// 0: the whole station.
  connectorId: number;
  installed_at: string;
  csChargingProfiles: {
    chargingProfileId: number;
    stackLevel: number;
    chargingProfilePurpose: 'ChargePointMaxProfile' | 'TxDefaultProfile' | 'TxProfile';
    chargingProfileKind: 'Absolute' | 'Recurring' | 'Relative';
    recurrencyKind?: 'Daily' | 'Weekly';
    chargingSchedule: {
      startSchedule?: string;
      chargingRateUnit: 'A' | 'W';
      chargingSchedulePeriod: { startPeriod: number; limit: number }[];
    };
  };
}

/// What is known of the battery on a DC outlet's cable.
export interface Battery {
  /// null until the session has told.
  capacity_wh: number | null;
  energy_to_full_wh: number | null;
  /// Export leaves it this state of charge.
  departure_need_permille: number;
  exported_wh: number;
  /// What it may give back now; null: nothing.
  export_max_w: number | null;
}

/// What an operator allows a connector at most, for a time.
export interface ConnectorConstraint {
  limit_ma: LineCurrents | null;
  limit_w: number | null;
  /// DC: of the output, whatever its voltage.
  output_ma: number | null;
  /// null: it holds at once.
  ramp: { from_ma: number; step_ma: number; every_us: number; begun_at: string } | null;
  until: string;
}

/// A limit that an operator or demand response has set on a node.
export interface NodeConstraint {
  node: string;
  source: 'operator' | 'demand_response';
  limit_ma: LineCurrents | null;
  limit_w: number | null;
  from: string | null;
  until: string | null;
  is_in_force: boolean;
  /// What it counts; the chargers alone leave the building out.
  counts?: 'everything' | 'chargers';
  guaranteed?: { each_w: number; of_rated_permille: number; simultaneity_permille: number } | null;
  /// What flows where the engine stops: more than it allows.
  if_engine_stops?: { ma: LineCurrents; w: number; until: string | null } | null;
}

export interface Shedding {
  enabled: boolean;
  /// 0 to 5.
  level: number;
  active: boolean;
  state: 'active' | 'inactive' | 'off';
  is_forced: boolean;
  changed_at: string | null;
  load_permille: number | null;
  load_unexplained_permille: number | null;
  node: string | null;
  connectors_reduced: number;
  reduced_by_ma: number;
}

export interface SheddingSettings {
  enabled: boolean;
  rise_permille: number;
  fall_permille: number;
  unexplained_permille: number;
  dwell_up_s: number;
  dwell_down_s: number;
}

export interface LoadShedding extends Shedding {
  settings: SheddingSettings;
  levels: { level: number; text: string; kept_permille: number[] }[];
}

/// How a site stands towards loss of input.
export interface FailSafe {
  state: 'normal' | 'degraded' | 'fail_safe';
  active: boolean;
  mode: string;
  mode_because: string;
  when_stale: string;
  stale_after_s: number;
  hold_max_s: number;
  cycles_max: number;
  cold_start: string;
  lease_s: number;
  stale_connectors: number;
  stale_meters: number;
  connectors_in_fallback: number;
  fallbacks: { maintain: number; reduce: number; stop: number };
}

export interface StreamConnector extends ConnectorNow {
  station: string;
}

export interface ConnectorFacts {
  kind: string;
  connection: string;
  lines: string[];
  min_ma: number;
  max_ma: number;
  step_ma: number;
  power_max_w: number;
}

export interface StationState {
  station: string;
  is_healthy: boolean;
  closed_because: string;
}

export interface Station extends StationState {
  site: string;
  name: string;
  node: string;
  /// Of its clock against the engine's; below zero: behind; 0 within a second.
  clock_ahead_ms: number;
  priority: number;
  weight: number;
  price_per_kwh_micro: number;
  capability: string;
  fallback: { action: string; ma: number; timeout_s: number };
  connectors: (ConnectorNow & ConnectorFacts)[];
}

export interface SessionNow {
  session: string;
  driver: string;
  station: string;
  connector: string;
  started_at: string;
  power_w: number;
  energy_wh: number;
  cost_micro: number;
  /// What its driver wants, and when it leaves; null: not said.
  energy_wanted_wh: number | null;
  departs_at: string | null;
  /// What it will have then; null: not both are said.
  expected_wh: number | null;
  /// What it will miss; 0: nothing that is said.
  shortfall_wh: number | null;
  short_because_of: Reason | null;
  /// "12 kWh short at 05:00, because of f-dc"; null: no shortfall.
  short_text: string | null;
}

export interface PastSession {
  session: string;
  station: string;
  driver: string;
  state: 'open' | 'completed' | 'denied';
  started_at: string | null;
  ended_at: string | null;
  energy_wh: number;
  cost_micro: number;
  why: string;
}

export interface Violation {
  subject: string;
  what: string;
  severity: Severity;
  since: string;
  measured: number;
  allowed: number;
  unit: string;
}

export interface StreamSite {
  site: string;
  number: number;
  at: string;
  topology: string;
  mode: string;
  mode_because: string;
  policy: string;
  epoch: number;
  plan_number: number;
  plan_us: number;
  nodes: NodeState[];
  stations: StationState[];
  connectors: StreamConnector[];
  sessions: SessionNow[];
  violations: Violation[];
  constraints: NodeConstraint[];
  shedding: Shedding;
}

/// Who caused an event; `name` is empty for the system.
export interface Cause {
  kind: 'system' | 'user' | 'token' | 'device' | 'program';
  name: string;
}

export interface JournalEntry {
  number: number;
  at: string;
  site: string;
  role: Role;
  level: Severity;
  kind: string;
  subject: string;
  text: string;
  caused_by: Cause;
}

export interface Page<Item> {
  items: Item[];
  total: number;
  next: string | null;
}

export interface ClusterNode {
  node: string;
  is_this_one: boolean;
  /// Null of other nodes: only they know.
  is_drained: boolean | null;
  address: string | null;
  shards: number[];
  sites: string[];
}

export interface Cluster {
  /// The one that answers.
  node: string;
  shards: number;
  nodes: ClusterNode[];
}
