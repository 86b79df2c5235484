// A small world that speaks the engine's JSON: a site whose stations charge, wait, fault and fall
// silent. Everything follows from the tick's number, so the same tick gives the same answers.

import type {
  Breaker, ConnectorConstraint, ConnectorFacts, ConnectorNow, Driver, Health, JournalEntry,
  LineCurrents, NodeConstraint, NodeState, Reason, SessionNow, Shedding, SiteDetail, SiteNode,
  SiteSummary, Station, StreamSite, Violation, Watchdog,
} from '../../dashboard/source/model/api_types';

const driverNames = ['Alice', 'Bob', 'Charlie', 'David', 'Eve', 'Faythe', 'Grace', 'Heidi'];
const powers = [22, 50, 43, 150, 7.2, 11, 100, 22, 75, 350];
const start = Date.parse('2026-05-01T12:00:00.000Z');

type FullConnector = ConnectorNow & ConnectorFacts;

function hash(text: string): number {
  let value = 2166136261;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 16777619) >>> 0;
  return value;
}

function lines(ma: number): LineCurrents {
  return [ma, ma, ma];
}

export class FixtureSite {
  topology = '00f1e2d3c4b5a697';
  tick = 0;
  faults = new Map<string, string>();
  faultsAllowed = true;
  journal: JournalEntry[] = [];
  /// Raised by tests: the service's limit and open violations.
  serviceLimitMa = 300_000;
  violations: Violation[] = [];
  /// Set by operators.
  nodeConstraints: NodeConstraint[] = [];
  connectorConstraints = new Map<string, ConnectorConstraint>();
  shedding: Shedding = {
    enabled: true, level: 0, is_forced: false, changed_at: null, load_permille: 640,
    load_unexplained_permille: 0, node: 'service', connectors_reduced: 0, reduced_by_ma: 0,
    active: false, state: 'inactive',
  };
  mode = 'controlling';
  policy = 'equal';
  private readonly feeders: string[];
  private readonly stationIds: string[];
  private readonly places: Map<string, number>;

  /// What stations are called; tests set others.
  stationName = (station: string): string => `Bay ${station.slice(3)}`;
  /// The engine node that plans it.
  owner = 'engine-1';
  /// Set by tests: those that charge go on, so a session that a test works with does not end in it.
  sessionsLast = false;
  /// Set by tests: how long ago it planned last.
  stillFor_s = 0;

  constructor(
    readonly stationCount: number, readonly feederCount: number, readonly site = 'garage',
    readonly name = 'The garage',
  ) {
    this.feeders = Array.from({ length: feederCount }, (_, place) => `f${place + 1}`);
    const digits = Math.max(3, String(stationCount).length);
    this.stationIds = Array.from({ length: stationCount }, (_, place) =>
      `CP-${String(place + 1).padStart(digits, '0')}`);
    this.places = new Map(this.stationIds.map((id, place) => [id, place]));
    this.advance();
  }

  get at(): string {
    return new Date(start + this.tick * 1000).toISOString().replace('Z', '000Z');
  }

  /// One second passes.
  advance(): void {
    this.tick += 1;
    const id = this.stationIds[hash(`event ${this.tick}`) % this.stationCount] ?? '';
    const who = driverNames[this.tick % driverNames.length] ?? '';
    const roles = ['central', 'driver', 'cp', 'monitor', 'log'] as const;
    this.say(roles[this.tick % 5] ?? 'central', 'info', 'session_CHANGED', id,
      `${who} at ${id}: charging goes on`);
  }

  say(
    role: JournalEntry['role'], level: JournalEntry['level'], kind: string, subject: string,
    text: string,
  ): void {
    const number = (this.journal.at(-1)?.number ?? 0) + 1;
    const caused_by = role === 'cp'
      ? { kind: 'device', name: subject } as const
      : { kind: 'system', name: '' } as const;
    this.journal.push({
      number, at: this.at, site: this.site, role, level, kind, subject, text, caused_by,
    });
  }

  setFault(station: string, kind: string): void {
    if (kind === 'clear') this.faults.delete(station);
    else this.faults.set(station, kind);
    this.say('cp', kind === 'clear' ? 'info' : 'critical', 'fault', station,
      kind === 'clear' ? `${station}: faults cleared` : `${station}: ${kind}`);
  }

  /// As an engine: of a limit below the fallbacks it is said what remains of the load (LIM-7).
  limitNode(order: Record<string, unknown>): string {
    const { node, limit_ma: ma, limit_w, until } = order as {
      node: string; limit_ma?: number | null; limit_w?: number | null; until?: string;
    };
    const least = this.stationCount * 6000;
    const rest = { ma: lines(least), w: Math.round(least * 0.69), until: until ?? null };
    this.nodeConstraints = this.nodeConstraints.filter((each) => each.node !== node);
    if ((ma ?? null) === null && (limit_w ?? null) === null) return '';
    this.nodeConstraints.push({
      node, source: 'operator', limit_ma: typeof ma === 'number' ? lines(ma) : null,
      limit_w: limit_w ?? null, from: this.at, until: until ?? null, is_in_force: true,
      counts: 'everything', guaranteed: null,
      if_engine_stops: typeof ma === 'number' && ma < least ? rest : null,
    });
    return '';
  }

  limitConnector(station: string, order: Record<string, number>): void {
    const until = new Date(Date.now() + (order['duration_s'] ?? 0) * 1000).toISOString();
    this.connectorConstraints.set(station, {
      limit_ma: order['power_w'] === undefined ? lines(order['l1_ma'] ?? 0) : null,
      limit_w: order['power_w'] ?? null, until, output_ma: null, ramp: null,
    });
  }

  force(level: number | null): void {
    this.shedding = {
      ...this.shedding, level: level ?? 0, is_forced: level !== null, changed_at: this.at,
      connectors_reduced: (level ?? 0) * 2, reduced_by_ma: (level ?? 0) * 9000,
      active: (level ?? 0) > 0, state: (level ?? 0) > 0 ? 'active' : 'inactive',
    };
  }

  /// Its file has another policy now.
  reload(): void {
    this.topology = '00f1e2d3c4b5a698';
    this.policy = 'priority';
  }

  feederOf(station: string): string {
    return this.feeders[(this.places.get(station) ?? 0) % this.feederCount] ?? '';
  }

  private isCharging(station: string): boolean {
    const seed = hash(station);
    const tick = this.sessionsLast ? 0 : this.tick;
    return !this.faults.has(station) && (tick + (seed % 40)) % 40 < 26;
  }

  private powerMax(station: string): number {
    return (powers[(this.places.get(station) ?? 0) % powers.length] ?? 22) * 1000;
  }

  private reasonOf(station: string): Reason {
    if (!this.isCharging(station)) return { rule: 'not_wanted' };
    const choice = hash(station) % 5;
    if (choice === 0) return { rule: 'max' };
    if (choice === 1) return { rule: 'demand' };
    const rule = 'LIM-1';
    if (choice === 2) return { rule, node: 'service', line: 'power', source: 'demand_response' };
    return { rule, node: this.feederOf(station), line: 'L2', source: 'breaker' };
  }

  connectorOf(station: string): FullConnector {
    const isCharging = this.isCharging(station);
    const fault = this.faults.get(station);
    const max_ma = Math.round(this.powerMax(station) / 0.69);
    const because = this.reasonOf(station);
    const wave = 0.9 + 0.1 * Math.sin(this.tick / 5 + (hash(station) % 7));
    const share = because.rule === 'max' ? 1 : because.rule === 'LIM-1' ? 0.42 : 0.6;
    const grant_ma = isCharging ? Math.floor((max_ma * share) / 1000) * 1000 : 0;
    const drawn = isCharging ? Math.round(grant_ma * wave) : 0;
    const isFaulted = fault === 'station_fault';
    const state = isFaulted ? 'FAULTED' : isCharging ? 'SUPPLYING' : 'ACTIVATED';
    return {
      connector: `${station}-1`, kind: max_ma > 65_000 ? 'dc' : 'ac', connection: 'wye',
      lines: ['L1', 'L2', 'L3'], min_ma: 6000, max_ma, step_ma: 1000,
      power_max_w: this.powerMax(station), state, is_stale: fault === 'silence',
      is_plugged: isCharging || hash(station) % 3 === 0,
      last_heard: this.at, target_ma: grant_ma, grant_ma, reserve_ma: grant_ma,
      drawn_ma: lines(drawn), power_w: Math.round(drawn * 0.69),
      energy_wh: 120_000 + this.tick * 3,
      because: this.connectorConstraints.has(station) && isCharging ? { rule: 'operator' }
        : because,
      lifted_by: { text: because.rule === 'LIM-1' ? 'more room' : 'its vehicle taking more' },
      soc_permille: isCharging ? 200 + ((this.tick * 5 + hash(station)) % 700) : null,
      setpoint_ma: grant_ma, tracking_error_ma: isCharging ? drawn - grant_ma : null,
      tracking_samples: Math.min(60, this.tick), lines_now: null, used_lines: null,
      escalation: fault === 'disobey' ? 'lower_limit' : 'none',
      constraint: this.connectorConstraints.get(station) ?? null,
      direction: 'charge' as const, battery: null, ...this.wishOf(station),
      shortfall_wh: isCharging && station === this.shortStation ? 12_000 : 0,
    };
  }

  stations(): Station[] {
    return this.stationIds.map((station) => ({
      site: this.site, station, name: this.stationName(station), node: this.feederOf(station),
      is_healthy: this.faults.get(station) !== 'monitor_failure',
      closed_because: this.faults.get(station) === 'monitor_failure' ? 'three checks failed' : '',
      clock_ahead_ms: station.endsWith('2') ? -20_000 : 0,
      priority: 5, weight: 1, price_per_kwh_micro: 300_000, capability: 'ac_level2_three',
      fallback: { action: 'reduce', ma: 6000, timeout_s: 120 },
      connectors: [{ ...this.connectorOf(station), ...this.sessionAt(station) }],
    }));
  }

  private sessionAt(station: string): { session: string | null } {
    return { session: this.isCharging(station) ? `s-${station}` : null };
  }

  private nodeState(node: string, stations: string[], limit: number, source: string): NodeState {
    const flows = stations.map((station) => this.connectorOf(station));
    const drawn = flows.reduce((sum, each) => sum + each.drawn_ma[0], 0);
    const reserved = flows.reduce((sum, each) => sum + each.reserve_ma, 0);
    const set = this.nodeConstraints.find((each) => each.node === node)?.limit_ma;
    const least = Math.min(limit, set?.[0] ?? limit);
    const fit = Math.min(1, (least * 0.995) / Math.max(1, reserved));
    const flow = (ma: number, factor: number) => Math.round(ma * fit * factor);
    return {
      node, limit_ma: lines(least), allowed_ma: lines(least), unmanaged_ma: lines(0), limit_w: null,
      source: least < limit ? 'operator' : source,
      sources: [
        ...(set ? [{ source: 'operator', ma: set }] : []),
        { source, ma: lines(limit) },
        { source: 'rating', ma: lines(Math.round(limit * 1.25)) },
        ...(node === 'service' ? [{ source: 'demand_response', w: Math.round(limit * 0.66) }] : []),
      ],
      reserved_ma: [flow(reserved, 0.97), flow(reserved, 1), flow(reserved, 0.9)],
      measured_ma: [flow(drawn, 0.97), flow(drawn, 1), flow(drawn, 0.9)],
      power_w: Math.round(drawn * fit * 0.66),
      is_meter_stale: [...this.faults].some(([station, kind]) =>
        kind === 'meter_loss' && this.feederOf(station) === node),
      left_behind: [],
    };
  }

  private serviceState(): NodeState {
    return this.nodeState(
      'service', this.stationIds, this.scaled(this.serviceLimitMa), 'rating');
  }

  nodeStates(): NodeState[] {
    const perFeeder = this.stationCount / this.feederCount;
    return [
      this.serviceState(),
      this.nodeState('t1', this.stationIds, this.scaled(320_000), 'transformer'),
      ...this.feeders.map((feeder) => this.nodeState(
        feeder, this.stationIds.filter((each) => this.feederOf(each) === feeder),
        Math.round(perFeeder * 38_000), 'breaker')),
    ];
  }

  private scaled(ma: number): number {
    return Math.round((ma * this.stationCount) / 10);
  }

  detail(): SiteDetail {
    const nodes: SiteNode[] = this.nodeStates().map((state, place) => ({
      ...state,
      name: ['Grid connection', 'Transformer T1'][place] ?? `Feeder ${place - 1}`,
      kind: place === 0 ? 'service' : place === 1 ? 'transformer' : 'feeder',
      parent: place === 0 ? null : place === 1 ? 'service' : 't1',
      has_meter: place === 0,
      transformer: place !== 1 ? null
        : { rated_va: 250_000, winding: 'delta-wye', primary_mv: 480_000, secondary_mv: 400_000 },
    }));
    return { ...this.summary(), faults_allowed: this.faultsAllowed, nodes };
  }

  summary(): SiteSummary {
    const states = this.stationIds.map((station) => this.connectorOf(station));
    const count = (state: string) => states.filter((each) => each.state === state).length;
    const rest = {
      price_per_kwh_micro: 300_000, time_zone: 'UTC',
      epoch: 1, plan_number: this.tick, plan_us: 41,
      connectors: this.stationCount, supplying: count('SUPPLYING'), faulted: count('FAULTED'),
      stale: states.filter((each) => each.is_stale).length, sessions: this.sessions().length,
    };
    return {
      site: this.site, name: this.name, topology: this.topology, mode: this.mode,
      mode_because: this.modeBecause, policy: this.policy, currency: 'EUR', nominal_mv: 230_000,
      stations: this.stationCount, owner: this.owner,
      at: new Date(Date.parse(this.at) - this.stillFor_s * 1000).toISOString(),
      ...rest, ...this.troubles(), ...this.serviceLoad(),
    };
  }

  private get modeBecause(): string {
    return this.mode === 'controlling' ? '' : 'the log does not answer';
  }

  private troubles(): Pick<SiteSummary,
    'violations' | 'worst_violation' | 'meters_lost' | 'shedding_level'> {
    const severities = ['critical', 'warning', 'info'] as const;
    return {
      violations: this.violations.length,
      worst_violation: severities.find((level) =>
        this.violations.some((each) => each.severity === level)) ?? null,
      meters_lost: [...this.faults.values()].filter((kind) => kind === 'meter_loss').length,
      shedding_level: this.shedding.level,
    };
  }

  private serviceLoad(): Pick<SiteSummary, 'power_w' | 'source' | 'limit_ma' | 'allowed_ma'
    | 'unmanaged_ma' | 'reserved_ma' | 'measured_ma' | 'allowed_w' | 'has_meter'
    | 'is_meter_stale'> {
    const { power_w, source, limit_ma, allowed_ma, unmanaged_ma, reserved_ma, measured_ma, sources,
      is_meter_stale } = this.serviceState();
    return {
      power_w, source, limit_ma, allowed_ma, unmanaged_ma, reserved_ma, measured_ma,
      is_meter_stale, has_meter: true, allowed_w: sources.find((each) => each.w)?.w ?? null,
    };
  }

  /// Its driver leaves at five o'clock, wants 20 kWh and will have 8 of them.
  private get shortStation(): string {
    return this.stationIds[0] ?? '';
  }

  /// Departures that were changed, by session.
  private readonly departures = new Map<string, string | null>();

  changeSession(session: string, departsAt: string | null): void {
    this.departures.set(session, departsAt);
  }

  /// Every other driver says what it wants and when it leaves.
  private wishOf(station: string): Pick<SessionNow, 'energy_wanted_wh' | 'departs_at'> {
    const speaks = this.isCharging(station) && this.stationIds.indexOf(station) % 2 === 0;
    const changed = this.departures.get(`s-${station}`);
    const said = speaks ? '2026-05-02T05:00:00Z' : null;
    return {
      energy_wanted_wh: speaks ? 20_000 : null,
      departs_at: changed === undefined ? said : changed,
    };
  }

  private forecastOf(station: string): Pick<SessionNow,
    'expected_wh' | 'shortfall_wh' | 'short_because_of' | 'short_text'> {
    const speaks = this.wishOf(station).departs_at !== null;
    const isShort = speaks && station === this.shortStation
      && !this.departures.has(`s-${station}`);
    const node = this.feederOf(station);
    return {
      expected_wh: isShort ? 8_000 : speaks ? 20_000 : null,
      shortfall_wh: isShort ? 12_000 : speaks ? 0 : null,
      short_because_of: isShort ? { rule: 'LIM-1', node, line: 'L1', source: 'breaker' } : null,
      short_text: isShort ? `12 kWh short at 05:00, because of ${node}` : null,
    };
  }

  sessions(): SessionNow[] {
    return this.stationIds.filter((station) => this.isCharging(station)).map((station) => {
      const age = (this.tick + (hash(station) % 40)) % 40;
      const energy_wh = age * 31 + (hash(station) % 1000);
      return {
        session: `s-${station}`, driver: driverNames[hash(station) % driverNames.length] ?? '',
        station, connector: `${station}-1`,
        started_at: new Date(Date.now() - age * 1000).toISOString(),
        power_w: this.connectorOf(station).power_w, energy_wh, cost_micro: energy_wh * 300,
        ...this.wishOf(station), ...this.forecastOf(station),
      };
    });
  }

  snapshot(number: number): StreamSite {
    return {
      site: this.site, number, at: this.at, topology: this.topology, mode: this.mode,
      mode_because: this.modeBecause,
      policy: this.policy,
      epoch: 1, plan_number: this.tick, plan_us: 41, nodes: this.nodeStates(),
      stations: this.stations().map(({ station, is_healthy, closed_because }) =>
        ({ station, is_healthy, closed_because })),
      connectors: this.stationIds.map((station) => {
        const { connector, state, is_stale, is_plugged, last_heard, target_ma, grant_ma,
          reserve_ma, drawn_ma, power_w, energy_wh, soc_permille, because, setpoint_ma,
          tracking_error_ma,
          tracking_samples, lines_now, used_lines, escalation, constraint, direction,
          battery, energy_wanted_wh, departs_at, shortfall_wh } = this.connectorOf(station);
        return { connector, station, state, is_stale, is_plugged, last_heard, target_ma, grant_ma,
          reserve_ma, drawn_ma, power_w, energy_wh, soc_permille, because, setpoint_ma,
          tracking_error_ma, tracking_samples, lines_now, used_lines, escalation, constraint,
          direction, battery, energy_wanted_wh, departs_at, shortfall_wh };
      }),
      sessions: this.sessions(), violations: this.violations,
      constraints: this.nodeConstraints, shedding: this.shedding,
    };
  }

  breakers(): Breaker[] {
    return this.stationIds.slice(0, 300).map((station) => ({
      site: this.site, actor: `station:${station}`, guards: 'command channel',
      position: this.faults.get(station) === 'silence' ? 'open' : 'closed',
      state: this.faults.get(station) === 'silence' ? 'OPEN' : 'CLOSED',
      failures: this.faults.has(station) ? 5 : 0, calls: 20, times_opened: 0, changed_at: this.at,
    }));
  }

  watchdogs(): Watchdog[] {
    const branches = [...this.feeders.slice(0, 20).map((feeder) => `feeder:${feeder}`),
      'site:garage'].map((actor, place) => ({
      site: this.site, actor, expects: place < 20 ? 'report' : 'tick', every_us: 3_000_000,
      last_seen: this.at, is_overdue: false, restarts: place === 0 ? 1 : 0, input: null,
    }));
    const stations = this.stationIds.slice(0, 300).map((station) => ({
      site: this.site, actor: `station:${station}`, expects: 'answer', every_us: 5_000_000,
      last_seen: this.at, is_overdue: false, restarts: 0,
      input: { expects: 'reading', every_us: 10_000_000, last_seen: this.at,
        is_overdue: this.faults.get(station) === 'silence' },
    }));
    return [...branches, ...stations];
  }

  drivers(): Driver[] {
    return driverNames.slice(0, 5).map((driver, place) => ({
      driver, state: place % 2 === 0 ? 'charging' : 'idle', site: this.site,
      station: this.stationIds[place] ?? '', ...{ session: '' }, since: this.at,
      accepted: 12 + place, denied: place, completed: 11,
    }));
  }

  health(): Health {
    return {
      status: 'healthy',
      checks: [
        { name: 'log', is_critical: true, is_passing: true, message: 'answers', took_us: 12 },
        { name: 'site:garage', is_critical: true, is_passing: true, message: 'plans', took_us: 3 },
      ],
    };
  }
}
