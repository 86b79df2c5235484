// Load of a node against its limit, per line, for gauges and charts.

import type { SiteNode, SiteSummary } from './api_types';
import type { NodeModel } from './site_model';

export type LoadLevel = 'easy' | 'full' | 'over';

/// What the loads of a node's lines follow from; a site's summary has it of its service.
type LineFacts = Pick<SiteNode & SiteSummary,
  'allowed_ma' | 'unmanaged_ma' | 'reserved_ma' | 'measured_ma' | 'has_meter' | 'is_meter_stale'>;

/// All of a line: managed connectors and the load beside them, against the whole limit.
export interface LineLoad {
  line: string;
  limit_ma: number;
  reserved_ma: number;
  measured_ma: number;
  unmanaged_ma: number;
  /// Of the limit; what is measured and what is reserved.
  measured: number;
  reserved: number;
}

export function ratio(value: number, limit: number): number {
  if (limit > 0) return value / limit;
  return value > 0 ? Number.POSITIVE_INFINITY : 0;
}

export function lineLoads(node: LineFacts): LineLoad[] {
  return ['L1', 'L2', 'L3'].map((line, place) => {
    const unmanaged_ma = node.unmanaged_ma[place] ?? 0;
    const limit_ma = node.allowed_ma[place] ?? 0;
    const reserved_ma = (node.reserved_ma[place] ?? 0) + unmanaged_ma;
    // A meter sees the load beside the connectors, too; where none speaks, what may flow counts.
    const isSeen = node.has_meter && !node.is_meter_stale;
    const measured_ma = (node.measured_ma[place] ?? 0) + (isSeen ? 0 : unmanaged_ma);
    return {
      line, limit_ma, reserved_ma, measured_ma, unmanaged_ma,
      measured: ratio(measured_ma, limit_ma), reserved: ratio(reserved_ma, limit_ma),
    };
  });
}

/// The line with the most reserved of its limit.
export function busiestLine(node: LineFacts): LineLoad {
  return lineLoads(node).reduce((most, line) =>
    Math.max(line.reserved, line.measured) > Math.max(most.reserved, most.measured) ? line : most);
}

export const fullFrom = 0.98;
/// A load that moves by an ampere is followed within seconds: no alarm.
const overFrom = 1.01;

/// What is only reserved above a limit follows within seconds as well; where it stays the engine
/// reports a violation.
export function levelOfLine(line: LineLoad, isViolated: boolean): LoadLevel {
  if (line.measured > overFrom || (isViolated && line.reserved > overFrom)) return 'over';
  return Math.max(line.reserved, line.measured) > fullFrom ? 'full' : 'easy';
}

/// `full` where it limits a connector or less than 2 % is left; `over` where a violation of more
/// than a notice stands, or over 1 % more flows than the limit allows.
export function levelOf(node: NodeModel): LoadLevel {
  if (node.isViolated) return 'over';
  const levels = lineLoads(node).map((line) => levelOfLine(line, false));
  if (levels.includes('over')) return 'over';
  if (levels.includes('full')) return 'full';
  return node.heldBack > 0 || node.power_w > fullFrom * powerLimit(node) ? 'full' : 'easy';
}

/// The node's bound in watts: its smallest power limit, or its lines' currents at nominal voltage.
export function powerLimit(node: NodeModel): number {
  const lines = lineLoads(node).reduce(
    (sum, line) => sum + (line.limit_ma / 1000) * node.volts, 0);
  const stated = node.sources.flatMap((limit) => (limit.w === undefined ? [] : [limit.w]));
  return Math.round(Math.min(lines, ...stated));
}

/// The power that binds the node; undefined where a current does.
export function bindingPower(node: SiteNode): number | undefined {
  const binding = node.sources.filter((limit) => limit.source === node.source);
  if (binding.some((limit) => limit.ma !== undefined)) return undefined;
  const powers = binding.flatMap((limit) => (limit.w === undefined ? [] : [limit.w]));
  return powers.length === 0 ? undefined : Math.min(...powers);
}

/// How full the node is: the fullest of its lines and its power. 0..1 and above.
export function fullness(node: NodeModel): number {
  const line = busiestLine(node);
  return Math.max(line.reserved, line.measured, ratio(node.power_w, powerLimit(node)));
}
