// The last minutes of a value's course: rings of fixed length, one sample a second.

import type { ConnectorNow } from './api_types';

/// What is kept of a connector each second: its grant, its draw, its fair share (mA), its power
/// (W). While it is not heard its draw and power are gaps.
export function courseOf(connector: ConnectorNow): number[] {
  const known = (value: number) => (connector.is_stale ? Number.NaN : value);
  return [connector.grant_ma, known(Math.max(...connector.drawn_ma)), connector.target_ma,
    known(connector.power_w)];
}

export class History {
  private readonly times: Float64Array;
  private readonly values: Float64Array[];
  private next = 0;
  private count = 0;

  constructor(private readonly length: number, series: number) {
    this.times = new Float64Array(length);
    this.values = Array.from({ length: series }, () => new Float64Array(length));
  }

  /// `time` in seconds; older than the newest one is ignored. NaN makes a gap.
  add(time: number, samples: number[]): void {
    const last = (this.next + this.length - 1) % this.length;
    if (this.count > 0 && time <= (this.times[last] ?? 0)) return;
    this.times[this.next] = time;
    this.values.forEach((ring, place) => {
      ring[this.next] = samples[place] ?? Number.NaN;
    });
    this.next = (this.next + 1) % this.length;
    this.count = Math.min(this.count + 1, this.length);
  }

  /// Oldest first: times, then each series; null where there is a gap.
  columns(): (number | null)[][] {
    const order = Array.from({ length: this.count }, (_, place) =>
      (this.next + this.length - this.count + place) % this.length);
    const read = (ring: Float64Array) => order.map((place) => {
      const value = ring[place] ?? Number.NaN;
      return Number.isNaN(value) ? null : value;
    });
    return [read(this.times), ...this.values.map(read)];
  }
}

/// Histories by name, at most `most` of them: the one unused for longest makes room.
export class HistoryShelf {
  private readonly shelf = new Map<string, History>();

  constructor(private readonly most: number, private readonly length: number) {}

  of(name: string, series: number): History {
    const found = this.shelf.get(name) ?? new History(this.length, series);
    this.shelf.delete(name);
    this.shelf.set(name, found);
    const oldest = this.shelf.keys().next();
    if (this.shelf.size > this.most && !oldest.done) this.shelf.delete(oldest.value);
    return found;
  }

  clear(): void {
    this.shelf.clear();
  }
}
