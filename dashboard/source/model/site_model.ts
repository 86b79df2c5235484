// One site as the page knows it: facts read once per topology, joined with the stream's snapshots
// and deltas. Members that did not change keep their identity, so that only what changed is drawn.

import type {
  ConnectorFacts, ConnectorNow, NodeConstraint, NodeState, SessionNow, Shedding, SiteDetail,
  SiteNode, Station, StationState, StreamSite, Violation,
} from './api_types';
import { conditionOf, conditions, type Condition } from './conditions';
import { knownZone } from './format';

export type ConnectorModel = ConnectorNow & ConnectorFacts & { station: string };

export interface StationModel extends Omit<Station, 'connectors'> {
  connectors: ConnectorModel[];
  condition: Condition;
  power_w: number;
}

export type Counts = Record<Condition, number>;

export interface NodeModel extends SiteNode {
  depth: number;
  children: string[];
  /// Stations that hang on this very node.
  stations: string[];
  /// Stations on it and below it.
  stationCount: number;
  counts: Counts;
  /// Of the stations on this very node.
  ownCounts: Counts;
  /// Connectors that this node holds back now.
  heldBack: number;
  /// A violation of it stands that is more than a notice.
  isViolated: boolean;
  /// Line to neutral, below this node.
  volts: number;
}

export interface SessionModel extends SessionNow {
  at: ConnectorModel | undefined;
}

export interface SiteModel {
  site: string;
  name: string;
  currency: string;
  timeZone: string;
  topology: string;
  faultsAllowed: boolean;
  at: string;
  mode: string;
  modeBecause: string;
  policy: string;
  epoch: number;
  planNumber: number;
  planUs: number;
  nodes: NodeModel[];
  nodeById: Map<string, NodeModel>;
  stations: StationModel[];
  stationById: Map<string, StationModel>;
  sessions: SessionModel[];
  violations: Violation[];
  /// Limits set live on nodes.
  constraints: NodeConstraint[];
  shedding: Shedding;
  /// Connectors that draw more than they were told.
  disobeying: ConnectorModel[];
  counts: Counts;
  /// Connectors that a limit or load shedding holds back now.
  heldBack: number;
  /// Those of them that load shedding holds back.
  shedBack: number;
}

const noShedding: Shedding = {
  enabled: true, level: 0, is_forced: false, changed_at: null, load_permille: null,
  load_unexplained_permille: null, node: null, connectors_reduced: 0, reduced_by_ma: 0,
  active: false, state: 'inactive',
};

export function noCounts(): Counts {
  return {
    supplying: 0, suspended: 0, activated: 0, disconnected: 0, faulted: 0, unavailable: 0, stale: 0,
  };
}

/// It takes no new driver for another reason than that one is there or expected.
export function isClosed(station: StationState): boolean {
  const isOccupied = ['occupied', 'reserved'].includes(station.closed_because);
  return !station.is_healthy || (station.closed_because !== '' && !isOccupied);
}

const loudest: Condition[] =
  ['faulted', 'supplying', 'suspended', 'stale', 'activated', 'unavailable', 'disconnected'];

function settled(station: Omit<StationModel, 'condition' | 'power_w'>): StationModel {
  const seen = new Set(station.connectors.map(conditionOf));
  return {
    ...station,
    condition: loudest.find((condition) => seen.has(condition)) ?? 'stale',
    power_w: station.connectors.reduce(
      (sum, connector) => sum + (connector.is_stale ? 0 : connector.power_w), 0),
  };
}

function voltsBelow(node: SiteNode, parent: NodeModel | undefined, nominal_mv: number): number {
  if (node.transformer) return node.transformer.secondary_mv / 1000 / Math.sqrt(3);
  return parent ? parent.volts : nominal_mv / 1000;
}

function treeOf(detail: SiteDetail): NodeModel[] {
  const byId = new Map<string, NodeModel>();
  return detail.nodes.map((node) => {
    const parent = node.parent === null ? undefined : byId.get(node.parent);
    const made: NodeModel = {
      ...node, depth: parent ? parent.depth + 1 : 0, children: [], stations: [], stationCount: 0,
      counts: noCounts(), ownCounts: noCounts(), heldBack: 0, isViolated: false,
      volts: voltsBelow(node, parent, detail.nominal_mv),
    };
    parent?.children.push(node.node);
    byId.set(node.node, made);
    return made;
  });
}

/// From GET /api/v1/sites/{site} and every page of GET /api/v1/stations.
export function modelOf(detail: SiteDetail, stations: Station[]): SiteModel {
  const nodes = treeOf(detail);
  const nodeById = new Map(nodes.map((node) => [node.node, node]));
  const list = stations.map((station) => settled({
    ...station,
    connectors: station.connectors.map((each) => ({ ...each, station: station.station })),
  }));
  for (const station of list) nodeById.get(station.node)?.stations.push(station.station);
  return summed({
    site: detail.site, name: detail.name, currency: detail.currency,
    timeZone: knownZone(detail.time_zone), topology: detail.topology,
    faultsAllowed: detail.faults_allowed, at: '', mode: detail.mode,
    modeBecause: detail.mode_because, policy: detail.policy,
    epoch: 0, planNumber: 0, planUs: 0, nodes, nodeById, stations: list,
    stationById: new Map(list.map((station) => [station.station, station])),
    sessions: [], violations: [], constraints: [], shedding: noShedding, disobeying: [],
    counts: noCounts(), heldBack: 0, shedBack: 0,
  });
}

function withNodes(nodes: NodeModel[], changes: NodeState[]): NodeModel[] {
  const changed = new Map(changes.map((state) => [state.node, state]));
  return nodes.map((node) => ({ ...node, ...changed.get(node.node) }));
}

function withStations(stations: StationModel[], event: StreamSite): StationModel[] {
  const states = new Map(event.stations.map((state) => [state.station, state]));
  const connectors = new Map(event.connectors.map((now) => [now.connector, now]));
  const touched = new Set(event.connectors.map((now) => now.station));
  for (const id of states.keys()) touched.add(id);
  return stations.map((station) => {
    if (!touched.has(station.station)) return station;
    return settled({
      ...station, ...states.get(station.station),
      connectors: station.connectors.map((connector) => {
        const now = connectors.get(connector.connector);
        return now ? { ...connector, ...now } : connector;
      }),
    });
  });
}

export function isShed(connector: ConnectorModel): boolean {
  return connector.because.rule === 'load_shedding';
}

/// All minima do not fit at a node, and it waits for its turn there. One that only rests after its
/// turn, or changes its lines, waits for no limit.
function isWaiting(connector: ConnectorModel): boolean {
  const { because } = connector;
  const isResting = because.rests_until !== undefined
    && because.rests_until === because.turn_by;
  return because.rule === 'turn' && because.node !== undefined
    && because.switches_until === undefined && !isResting;
}

/// A limit of the site, its turn or load shedding gives it less than it would take.
export function isHeldBack(connector: ConnectorModel): boolean {
  return connector.because.rule === 'LIM-1' || isWaiting(connector) || isShed(connector);
}

/// The node whose load is shed; by hand it is the whole site's.
export function sheddingNode(model: SiteModel): string | undefined {
  return model.shedding.node ?? model.nodes[0]?.node;
}

/// The node that holds the connector back; undefined: none does.
export function holdingNode(model: SiteModel, connector: ConnectorModel): string | undefined {
  if (isShed(connector)) return sheddingNode(model);
  return isHeldBack(connector) ? connector.because.node : undefined;
}

/// Counts of every node: children stand behind their parents, so one pass from the back sums up.
function summed(model: SiteModel): SiteModel {
  for (const node of model.nodes) {
    node.counts = noCounts();
    node.heldBack = 0;
    node.isViolated = model.violations.some(
      (violation) => violation.subject === node.node && violation.severity !== 'info');
    node.stationCount = node.stations.length;
  }
  model.heldBack = 0;
  model.shedBack = 0;
  model.disobeying = [];
  for (const station of model.stations) {
    const counts = model.nodeById.get(station.node)?.counts;
    if (counts) counts[station.condition] += 1;
    for (const connector of station.connectors) {
      if (connector.escalation !== 'none') model.disobeying.push(connector);
      if (!isHeldBack(connector)) continue;
      model.heldBack += 1;
      if (isShed(connector)) model.shedBack += 1;
      const binding = isShed(connector) ? undefined
        : model.nodeById.get(connector.because.node ?? '');
      if (binding) binding.heldBack += 1;
    }
  }
  for (const node of model.nodes) node.ownCounts = { ...node.counts };
  for (const node of [...model.nodes].reverse()) {
    const parent = node.parent === null ? undefined : model.nodeById.get(node.parent);
    if (!parent) continue;
    parent.stationCount += node.stationCount;
    for (const condition of conditions) parent.counts[condition] += node.counts[condition];
  }
  model.counts = model.nodes[0]?.counts ?? noCounts();
  return model;
}

/// The model after a `site` or `site_delta` event. Both merge by id, so one way serves both.
export function applied(model: SiteModel, event: StreamSite): SiteModel {
  const nodes = withNodes(model.nodes, event.nodes);
  const stations = withStations(model.stations, event);
  const stationById = new Map(stations.map((station) => [station.station, station]));
  return summed({
    ...model, nodes, stations, stationById,
    nodeById: new Map(nodes.map((node) => [node.node, node])),
    at: event.at, mode: event.mode, modeBecause: event.mode_because, policy: event.policy,
    epoch: event.epoch, planNumber: event.plan_number, planUs: event.plan_us,
    sessions: event.sessions.map((session) => ({
      ...session,
      at: stationById.get(session.station)?.connectors
        .find((connector) => connector.connector === session.connector),
    })),
    violations: event.violations, constraints: event.constraints, shedding: event.shedding,
  });
}

/// "North wall · CP-1": the given name first; the id alone where there is no other name.
export function stationTitle(model: SiteModel, station: string): string {
  const name = model.stationById.get(station)?.name ?? '';
  return name === '' || name === station ? station : `${name} · ${station}`;
}

export function nameOf(model: SiteModel, node: string): string {
  return model.nodeById.get(node)?.name || node;
}
