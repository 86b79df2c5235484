// Numbers and times as people read them. Integers with units in, text out.

const locale = 'en-IE';
const thin = '\u202f';

function fixed(value: number, digits: number): string {
  return value.toLocaleString(locale, {
    minimumFractionDigits: digits, maximumFractionDigits: digits,
  });
}

/// 900 -> "900 W", 9591 -> "9.6 kW", 1234567 -> "1,235 kW".
export function power(watts: number): string {
  const size = Math.abs(watts);
  if (size < 1000) return `${fixed(watts, 0)}${thin}W`;
  return `${fixed(watts / 1000, size < 100_000 ? 1 : 0)}${thin}kW`;
}

/// What flows at a place that is not heard is not known: what was heard last is no figure of now.
export function powerNow(watts: number, isHeard: boolean): string {
  return isHeard ? power(watts) : '—';
}

/// Always in kW: for tables and axes where units must not change from row to row.
export function kilowatts(watts: number): string {
  return fixed(watts / 1000, Math.abs(watts) < 999_500 ? 1 : 0);
}

/// 13900 -> "13.9 A"; from 100 A on without decimals.
export function current(milliamperes: number): string {
  return `${amperes(milliamperes)}${thin}A`;
}

export function amperes(milliamperes: number): string {
  return fixed(milliamperes / 1000, Math.abs(milliamperes) < 99_950 ? 1 : 0);
}

export function energy(wattHours: number): string {
  const size = Math.abs(wattHours);
  if (size < 1_000_000) return `${fixed(wattHours / 1000, size < 100_000 ? 2 : 0)}${thin}kWh`;
  return `${fixed(wattHours / 1_000_000, 2)}${thin}MWh`;
}

export function money(micro: number, currency: string): string {
  try {
    return (micro / 1_000_000).toLocaleString(locale, { style: 'currency', currency });
  } catch {
    return `${fixed(micro / 1_000_000, 2)} ${currency}`;
  }
}

/// 0.985 -> "98 %": rounded down, so that 100 % is said only when all is used.
export function percent(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'no room';
  return `${Math.floor(ratio * 100 + 1e-9)}${thin}%`;
}

/// Length of time in seconds: "8 s", "4 min", "2 h 5 min", "3 d 4 h".
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole}${thin}s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}${thin}min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}${thin}h ${minutes % 60}${thin}min`;
  return `${Math.floor(hours / 24)}${thin}d ${hours % 24}${thin}h`;
}

/// From `then` to `now`, both in ms since 1970.
export function since(then: string | null, now: number): string {
  if (then === null) return 'never';
  const started = Date.parse(then);
  return Number.isNaN(started) ? 'unknown' : duration((now - started) / 1000);
}

let zone = 'UTC';

/// The zone of that name where it is one, UTC otherwise.
export function knownZone(name: string | undefined): string {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name || 'UTC' });
    return name || 'UTC';
  } catch {
    return 'UTC';
  }
}

/// Times are said in this zone from now on: the site's own, a known one.
export function useTimeZone(name: string): void {
  zone = name;
}

/// "UTC", "Europe/Zurich": stands wherever times are read.
export function timeZone(): string {
  return zone;
}

/// Time of day at the site: "14:03:07".
export function clock(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '—'
    : date.toLocaleTimeString('en-GB', { timeZone: zone });
}

/// Time of day at the site without seconds; with the date where it is another day than `now`.
export function moment(time: string, now: number): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '—';
  const clockText = date.toLocaleTimeString('en-GB', {
    hour: '2-digit', minute: '2-digit', timeZone: zone,
  });
  const dayOf = (of: Date) => of.toLocaleDateString('en-GB', {
    day: 'numeric', month: 'short', timeZone: zone,
  });
  return dayOf(date) === dayOf(new Date(now)) ? clockText : `${dayOf(date)} ${clockText}`;
}

/// "10.0 A", "10.0 / 12.0 / 10.0 A", "20.0 kW".
export function bound(lines: readonly number[] | null | undefined, watts?: number | null): string {
  const parts: string[] = [];
  if (lines) {
    const isEven = lines.every((ma) => ma === lines[0]);
    parts.push(isEven ? current(lines[0] ?? 0) : lines.map((ma) => current(ma)).join(' / '));
  }
  if (watts !== null && watts !== undefined) parts.push(power(watts));
  return parts.join(', ');
}

export function quantity(value: number, unit: string): string {
  if (unit === 'ma') return current(value);
  if (unit === 'w') return power(value);
  if (unit === 'mv') return `${fixed(value / 1000, 1)}${thin}V`;
  if (unit === 'mhz') return `${fixed(value / 1000, 2)}${thin}Hz`;
  return `${fixed(value, 0)} ${unit}`.trim();
}

/// A violation stands for some seconds after its bound is kept again: then this is said of it.
export function aftermath(value: number, allowed: number, unit: string): string {
  return (unit === 'ma' || unit === 'w') && value <= allowed ? 'back within its limit' : '';
}

/// A value and its bound with as many digits as tell them apart: "150.08 A", "150.00 A".
export function compared(value: number, allowed: number, unit: string): [string, string] {
  const plain: [string, string] = [quantity(value, unit), quantity(allowed, unit)];
  if (plain[0] !== plain[1] || value === allowed || unit !== 'ma') return plain;
  const digits = Math.abs(value - allowed) < 10 ? 3 : 2;
  const exact = (ma: number) => `${fixed(ma / 1000, digits)}${thin}A`;
  return [exact(value), exact(allowed)];
}

/// At most `most` characters, the last one an ellipsis where something was cut.
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1)).trimEnd()}…`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${fixed(count, 0)} ${count === 1 ? one : many}`;
}

/// "demand_response" -> "demand response"
export function words(name: string): string {
  return name.replaceAll('_', ' ').replaceAll('-', ' ');
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
