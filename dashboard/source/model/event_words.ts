// What an event says on the page: the page's own words for states, and a station's given name
// before its id.

import type { Cause } from './api_types';
import { conditionWords } from './conditions';

type Names = ReadonlyMap<string, { name: string }>;

const stateWords: Record<string, string> = {
  SUPPLYING: conditionWords.supplying, FAULTED: conditionWords.faulted,
  UNAVAILABLE: conditionWords.unavailable, DISCONNECTED: conditionWords.stale,
};
const change =
  /\b(DISCONNECTED|ACTIVATED|SUPPLYING|FAULTED|UNAVAILABLE) to ([A-Z]+)\b/g;

/// A point that is ready is ACTIVATED: before and after a charge a vehicle is plugged in.
function wordOf(state: string, other: string): string {
  if (state !== 'ACTIVATED') return stateWords[state] ?? state;
  return other === 'SUPPLYING' ? conditionWords.activated : conditionWords.disconnected;
}

/// "CP-008" -> "22 kW AC CP-008", where the station has a name.
export function nameOf(id: string, names: Names | undefined): string {
  const name = names?.get(id)?.name ?? '';
  return name === '' || name === id ? id : `${name} ${id}`;
}

/// "ACTIVATED to SUPPLYING" -> "Plugged in to Charging"; stations by name and id.
export function eventWords(text: string, names: Names | undefined): string {
  return text
    .replace(change, (_, from: string, to: string) => `${wordOf(from, to)} to ${wordOf(to, from)}`)
    .replace(/[A-Za-z0-9][\w-]*/g, (word: string, at: number) => {
      const named = nameOf(word, names);
      return text.slice(0, at).endsWith(named.slice(0, -word.length)) ? word : named;
    });
}

/// "by device 22 kW AC CP-008"; empty where the system caused it.
export function causeWords(by: Cause, names: Names | undefined): string {
  return by.name === '' ? '' : `by ${by.kind} ${nameOf(by.name, names)}`;
}

/// Height of an event's row, px: on a narrow page its text wraps below time and role.
export function eventHeight(text: string, pageWidth: number): number {
  if (pageWidth > 760) return 34;
  const charactersPerLine = Math.max(20, Math.floor((pageWidth - 52) / 7.5));
  return 36 + 19 * Math.ceil(text.length / charactersPerLine);
}
