// "Why this much" in plain words. The engine's plan says the reason (rule, node, line, source);
// here it is only put into a sentence.

import type { LiftedBy, Limit, Reason } from './api_types';
import { clock, current, power, timeZone, words } from './format';

export type Tone = 'free' | 'held' | 'waiting' | 'lost' | 'idle';

export interface Explanation {
  /// For a table's cell: "L2 of Feeder 1 · breaker".
  short: string;
  /// A whole sentence or two.
  long: string;
  tone: Tone;
}

export interface ReasonContext {
  grant_ma: number;
  target_ma: number;
  max_ma: number;
  liftedBy?: LiftedBy | undefined;
  nodeName(node: string): string;
  /// The limit of that source at that node, where it is known.
  limitOf(node: string, source: string): Limit | undefined;
}

const sourceWords: Record<string, string> = {
  rating: 'rating',
  continuous_factor: 'continuous load',
  breaker: 'breaker',
  cable: 'cable',
  transformer: 'transformer rating',
  thermal: 'transformer temperature',
  service_power: 'contracted power',
  service_current: 'contracted current',
  phase_imbalance: 'phase imbalance',
  power_factor: 'power factor',
  voltage: 'voltage band',
  frequency: 'mains frequency',
  operator: 'operator',
  demand_response: 'demand response',
  peak_demand: 'peak demand',
  meter_lost: 'meter lost',
};

export function sourceName(source: string): string {
  return sourceWords[source] ?? (source === 'unspecified' ? 'no stated source' : words(source));
}

function lineName(line: string): string {
  if (line === 'power') return 'total power';
  if (line.startsWith('primary ')) return `primary ${line.slice('primary '.length)}`;
  return line;
}

function boundOf(limit: Limit | undefined, line: string): string {
  if (!limit) return '';
  if (line === 'power') return limit.w === undefined ? '' : `, ${power(limit.w)}`;
  const place = ['L1', 'L2', 'L3'].indexOf(line);
  const ma = limit.ma?.[place];
  return ma === undefined ? '' : `, ${current(ma)}`;
}

/// What others have there and do not draw; empty where the room is used.
function unusedOf(lifted: LiftedBy | undefined): string {
  if (lifted?.unused_w) return power(lifted.unused_w);
  return lifted?.unused_ma ? current(lifted.unused_ma) : '';
}

function heldByLimit(reason: Reason, context: ReasonContext): Explanation {
  const node = reason.node ? context.nodeName(reason.node) : 'the site';
  const line = lineName(reason.line ?? 'power');
  const source = sourceName(reason.source ?? 'unspecified');
  const limit = reason.node && reason.source
    ? context.limitOf(reason.node, reason.source) : undefined;
  const what = line === 'total power' ? `the total power of ${node}` : `${line} of ${node}`;
  if (reason.source === 'meter_lost') {
    return {
      short: `${node} · meter lost`,
      long: `Held at ${current(context.target_ma)}: the meter of ${node}, or of a node below it, `
        + 'is lost, so the unmanaged load counts as the most that it can be.',
      tone: 'lost',
    };
  }
  const stated = `(${source}${boundOf(limit, reason.line ?? 'power')})`;
  const unused = unusedOf(context.liftedBy);
  if (reason.kept) {
    return {
      short: `room kept on ${line} of ${node} · ${source}`,
      long: `Held at ${current(context.target_ma)}: its vehicle does not use ${line} now, and room `
        + `is kept there in case it begins to; ${what} has no more ${stated}.`,
      tone: 'held',
    };
  }
  return {
    short: `${line === 'total power' ? 'power' : line} of ${node} · ${source}`,
    long: `Held at ${current(context.target_ma)}: ${what} is `
      + (unused === '' ? `fully used ${stated}.`
        : `reserved for others ${stated}, who do not draw ${unused} of it now.`)
      + ' That is its fair share.',
    tone: 'held',
  };
}

/// Nothing but the minimum off time stands against its turn.
function resting(until: string): Explanation {
  return {
    short: 'rests after its turn',
    long: `Rests: it was off for less than its minimum off time, which ends at ${clock(until)} ${
      timeZone()}. Nothing else stands against its turn.`,
    tone: 'waiting',
  };
}

/// Its station changes the lines that it uses.
function switching(until: string): Explanation {
  return {
    short: 'changes its lines',
    long: 'Pauses: its station changes the lines that it uses, until '
      + `${clock(until)} ${timeZone()} at the latest.`,
    tone: 'waiting',
  };
}

function waitingForTurn(reason: Reason, context: ReasonContext): Explanation {
  if (reason.switches_until !== undefined) return switching(reason.switches_until);
  const until = reason.rests_until;
  if (until !== undefined && until === reason.turn_by) return resting(until);
  const line = lineName(reason.line ?? 'power');
  const where = reason.node === undefined ? '' : ` in ${
    line === 'total power' ? 'the power' : line} of ${context.nodeName(reason.node)} (${
    sourceName(reason.source ?? 'unspecified')})`;
  const place = reason.place === undefined ? ''
    : reason.place === 1 ? ' It comes next.' : ` ${reason.place - 1} come before it.`;
  const at = reason.turn_by === undefined ? ''
    : ` Its turn begins by ${clock(reason.turn_by)} ${timeZone()} at the latest.`;
  const rest = until === undefined ? ''
    : ` It rests until ${clock(until)}: that is its minimum off time.`;
  const unused = unusedOf(context.liftedBy);
  return {
    short: reason.place === undefined ? 'waits for its turn' : `waits, number ${reason.place}`,
    long: `Waits for its turn: the minimum currents of all vehicles do not fit${where} at once.`
      + place + at + rest
      + (unused === '' ? '' : ` Others do not draw ${unused} of what they may.`),
    tone: 'waiting',
  };
}

function byRule(reason: Reason, context: ReasonContext): Explanation {
  switch (reason.rule) {
    case 'LIM-1':
      return heldByLimit(reason, context);
    case 'max':
      return {
        short: 'full speed',
        long: `Full speed: ${current(context.max_ma)} is the most this connector can give.`,
        tone: 'free',
      };
    case 'demand':
      return {
        short: 'vehicle takes no more',
        long: 'The vehicle itself takes no more than this. No limit of the site holds it back.',
        tone: 'free',
      };
    case 'turn':
      return waitingForTurn(reason, context);
    case 'ramp':
      return {
        short: 'ramping up',
        long: `Ramping up: on its way to ${current(context.target_ma)}, raised slowly.`,
        tone: 'waiting',
      };
    case 'fallback':
      return {
        short: 'in fallback',
        long: 'In fallback: it has no valid grant, so it keeps to its safe current.',
        tone: 'lost',
      };
    case 'input_lost':
      return {
        short: 'its readings stopped',
        long: 'Its readings are too old to go by, so it is held to what is safe without them.',
        tone: 'lost',
      };
    case 'load_shedding':
      if (context.liftedBy?.level_by_hand) {
        return {
          short: 'load is shed by hand',
          long: `Held at ${current(context.target_ma)}: load shedding was set to level ${
            context.liftedBy.level_by_hand} by hand, by priority, until it is released.`,
          tone: 'held',
        };
      }
      return {
        short: 'load is shed',
        long: `Held at ${current(context.target_ma)}: the site sheds load, by priority, because `
          + 'more is measured than its plan can explain.',
        tone: 'held',
      };
    case 'operator':
      return {
        short: 'operator’s limit',
        long: `Held at ${current(context.target_ma)} by a limit that an operator has set for a `
          + 'time.',
        tone: 'held',
      };
    case 'derating':
      return {
        short: 'derated',
        long: `Held at ${current(context.target_ma)} by the connector’s temperature or the `
          + 'state of charge.',
        tone: 'held',
      };
    case 'disobedience':
      return {
        short: 'does not obey',
        long: 'It draws more than it acknowledged. What it draws is taken off the others’ share, '
          + 'and it is told again, lowered, stopped and set unavailable in turn.',
        tone: 'lost',
      };
    case 'not_wanted':
      return { short: 'nothing asked', long: 'No driver asks for energy here.', tone: 'idle' };
    default:
      return { short: 'not planned yet', long: 'No plan has spoken of it yet.', tone: 'idle' };
  }
}

/// Where more is to be had at all, and where that is said.
function liftingOf(reason: Reason, lifted: LiftedBy | undefined): string {
  const isNothingToLift = ['max', 'not_wanted', 'unspecified'].includes(reason.rule);
  return lifted === undefined || isNothingToLift ? '' : ` More with: ${lifted.text}.`;
}

/// Adds why the grant is below the fair split for now: decreases go out before increases.
export function explain(reason: Reason, context: ReasonContext): Explanation {
  const ruled = byRule(reason, context);
  const why = { ...ruled, long: ruled.long + liftingOf(reason, context.liftedBy) };
  const isBelow = context.grant_ma < context.target_ma;
  if (!isBelow || why.tone === 'idle' || reason.rule === 'ramp') return why;
  return {
    ...why,
    long: `${why.long} Told ${current(context.grant_ma)} for now: it is raised once others `
      + 'have come down.',
  };
}
