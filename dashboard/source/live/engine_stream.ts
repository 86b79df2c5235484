// The engine's server-sent events, kept alive: every loss is followed by a new attempt, soon at
// first and then every few seconds, with the number of the last journal entry seen.

import type { Heartbeat, JournalEntry, StreamSite } from '../model/api_types';

export interface StreamListener {
  opened(): void;
  lost(): void;
  site(event: StreamSite): void;
  journal(entry: JournalEntry): void;
  gap(): void;
  heartbeat(beat: Heartbeat): void;
  /// Anything arrived.
  heard(): void;
}

const retryFirstMs = 400;
const retryMostMs = 3000;
/// Heartbeats come every 5 s; three missed ones are a lost connection.
const silenceMostMs = 16_000;

export class EngineStream {
  private source: EventSource | undefined;
  private retryMs = retryFirstMs;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;

  /// `after`: the journal's last number seen, asked anew at every attempt.
  constructor(
    private readonly site: string, private readonly after: () => number | undefined,
    private readonly listener: StreamListener,
  ) {}

  start(): void {
    if (this.isStopped) return;
    const parameters = new URLSearchParams({ site: this.site });
    const after = this.after();
    if (after !== undefined) parameters.set('last_event_id', String(after));
    const source = new EventSource(`/api/v1/stream?${parameters}`);
    this.source = source;
    source.onopen = () => this.isOpen();
    source.onerror = () => this.retry();
    this.hear(source, 'site', (data) => this.listener.site(data as StreamSite));
    this.hear(source, 'site_delta', (data) => this.listener.site(data as StreamSite));
    this.hear(source, 'journal', (data) => this.listener.journal(data as JournalEntry));
    this.hear(source, 'gap', () => this.listener.gap());
    this.hear(source, 'heartbeat', (data) => this.listener.heartbeat(data as Heartbeat));
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
    this.source?.close();
  }

  private isOpen(): void {
    this.retryMs = retryFirstMs;
    this.listener.opened();
    this.watch();
  }

  private hear(source: EventSource, name: string, handle: (data: unknown) => void): void {
    source.addEventListener(name, (event) => {
      this.watch();
      this.listener.heard();
      handle(JSON.parse((event as MessageEvent<string>).data));
    });
  }

  private watch(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.retry(), silenceMostMs);
  }

  private retry(): void {
    this.source?.close();
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.listener.lost();
    this.timer = setTimeout(() => this.start(), this.retryMs);
    this.retryMs = Math.min(retryMostMs, this.retryMs * 2);
  }
}
