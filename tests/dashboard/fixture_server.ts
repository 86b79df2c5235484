// An engine as the page sees it, on a free port of the loopback: the built page and the part of
// adapters/http/openapi.json that the page uses, answered from a FixtureSite.

import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Cluster } from '../../dashboard/source/model/api_types';
import { isProgress } from '../../dashboard/source/model/journal';
import { failSafeOf, loadSheddingOf } from './fixture_shedding';
import type { FixtureSite } from './fixture_site';

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
};
// As strict as an engine would be: nothing from elsewhere, nothing inline.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
  + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Of a session that is not open, whose driver has said nothing.
const noForecast = {
  energy_wanted_wh: null, departs_at: null, expected_wh: null, shortfall_wh: null,
  short_because_of: null, short_text: null,
};

function page<Item>(items: Item[], query: URLSearchParams): object {
  const limit = Number(query.get('limit') ?? 100);
  const after = Number(query.get('after') ?? 0);
  const end = after + limit;
  return {
    items: items.slice(after, end), total: items.length, next: end < items.length ? `${end}` : null,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text) as Record<string, unknown>;
}

export class FixtureServer {
  port = 0;
  /// What a reload is refused with; empty: it is taken.
  reloadRefusal = '';
  /// Critical health checks that fail.
  private failing: string[] = [];
  /// Engine nodes with the sites that they held.
  private readonly drained = new Map<string, FixtureSite[]>();
  readonly faultsAsked: Record<string, string>[] = [];
  private server: Server | undefined;
  private readonly streams = new Map<ServerResponse, FixtureSite>();
  private timer: ReturnType<typeof setInterval> | undefined;
  private number = 0;
  /// The last entry of the journal that streams were told.
  private told = 0;

  /// `others`: further sites of the same engine.
  constructor(
    public site: FixtureSite, private readonly dist: string,
    readonly others: FixtureSite[] = [],
  ) {}

  get sites(): FixtureSite[] {
    return [this.site, ...this.others];
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /// On the same port as before when it ran before.
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((resolve) => this.server?.listen(this.port, '127.0.0.1', resolve));
    this.port = (this.server.address() as AddressInfo).port;
    this.number = 0;
    this.timer = setInterval(() => this.tick(), 1000);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const stream of this.streams.keys()) stream.destroy();
    this.streams.clear();
    const closed = new Promise<void>((resolve) => this.server?.close(() => resolve()));
    this.server?.closeAllConnections();
    await closed;
  }

  /// As an engine: a change is told at once.
  fail(checks: string[]): void {
    this.failing = checks;
    for (const stream of this.streams.keys()) stream.write(this.heartbeat());
  }

  private heartbeat(): string {
    return this.event('heartbeat', {
      at: new Date().toISOString(), journal_end: this.site.journal.at(-1)?.number ?? 0,
      failing: this.failing,
    });
  }

  private tick(): void {
    for (const site of this.sites) site.advance();
    this.number += 1;
    const news = this.site.journal.filter((entry) => entry.number > this.told)
      .map((entry) => this.event('journal', entry, entry.number)).join('');
    this.told = this.site.journal.at(-1)?.number ?? 0;
    for (const [stream, site] of this.streams) {
      stream.write(this.event('site_delta', site.snapshot(this.number)) + news);
    }
  }

  private event(name: string, data: object, id?: number): string {
    return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}`
      + `data: ${JSON.stringify(data)}\n\n`;
  }

  private openStream(query: URLSearchParams, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const after = Number(query.get('last_event_id') ?? this.site.journal.at(-1)?.number ?? 0);
    const first = this.site.journal[0]?.number ?? 0;
    if (after > (this.site.journal.at(-1)?.number ?? 0)) {
      response.write(this.event('gap', { after, first }));
    }
    response.write(this.heartbeat());
    this.number += 1;
    const site = this.named(query.get('site'));
    response.write(this.event('site', site.snapshot(this.number)));
    this.streams.set(response, site);
    response.on('close', () => this.streams.delete(response));
  }

  /// The first one where none is named.
  private named(id: string | null | undefined): FixtureSite {
    return this.sites.find((each) => each.site === id) ?? this.site;
  }

  private lists(path: string, query: URLSearchParams): Record<string, () => object> {
    const site = this.named(query.get('site') ?? path.split('/')[4]);
    return {
      '/api/v1/access': () => ({ enabled: false, has_users: false, principal: null }),
      '/api/v1/cluster': () => this.cluster(),
      '/api/v1/sites': () => page(this.sites.map((each) => each.summary()), query),
      [`/api/v1/sites/${site.site}`]: () => site.detail(),
      '/api/v1/stations': () => page(site.stations(), query),
      [`/api/v1/sites/${site.site}/load-shedding`]: () => loadSheddingOf(site),
      [`/api/v1/sites/${site.site}/fail-safe`]: () => failSafeOf(site),
      '/api/v1/circuit-breakers': () => page(site.breakers(), query),
      '/api/v1/watchdogs': () => page(site.watchdogs(), query),
      '/api/v1/drivers': () => page(site.drivers(), query),
      '/health': () => site.health(),
      '/api/v1/sessions': () => page(query.get('state') === 'denied' ? [{
        session: '', request: 'r-7', site: site.site, station: 'CP-004', connector: '',
        driver: 'Eve', state: 'denied', started_at: null, ended_at: site.at, power_w: 0,
        energy_wh: 0, cost_micro: 0, currency: 'EUR', grant_ma: null,
        because: null, why: 'the station is busy', ...noForecast,
      }] : [{
        session: 's-1', request: 'r-1', site: site.site, station: 'CP-002', connector: '',
        driver: 'Bob', state: 'completed', started_at: site.at, ended_at: site.at, power_w: 0,
        energy_wh: 4321, cost_micro: 1_296_300, currency: 'EUR', grant_ma: null,
        because: null, why: 'driver', ...noForecast, energy_wanted_wh: 5_000,
      }], query),
      '/api/v1/stations/CP-001/charging-profiles': () => this.profiles('CP-001', true),
      ...Object.fromEntries(site.stations().slice(1).map((each) => [
        `/api/v1/stations/${each.station}/charging-profiles`,
        () => this.profiles(each.station, false)])),
      '/api/v1/events': () => {
        const limit = Number(query.get('limit') ?? 100);
        const after = query.has('after') ? Number(query.get('after')) : -1;
        const matching = site.journal.filter((entry) => entry.number > after
          && (query.get('level') !== 'warning' || entry.level !== 'info')
          && (query.get('progress') !== 'false' || !isProgress(entry)));
        const items = after < 0 ? matching.slice(-limit) : matching.slice(0, limit);
        return {
          items, journal_end: site.journal.at(-1)?.number ?? 0,
          next: items.at(-1)?.number ?? after,
        };
      },
    };
  }

  /// The sites' owners, and those that were drained: the first node answers.
  private cluster(): Cluster {
    const names = [...new Set([...this.sites.map((each) => each.owner), ...this.drained.keys()])];
    const nodes = names.sort().map((node, place) => {
      const held = this.sites.filter((each) => each.owner === node);
      return {
        node, is_this_one: place === 0, is_drained: place === 0 ? this.drained.has(node) : null,
        address: `http://127.0.0.1:${8001 + place}`,
        shards: held.map((each) => this.sites.indexOf(each)), sites: held.map((each) => each.site),
      };
    });
    return { node: nodes[0]?.node ?? '', shards: this.sites.length, nodes };
  }

  /// All its sites go to another node, and come back.
  private drain(node: string, isDrained: boolean): void {
    const other = this.sites.find((each) => each.owner !== node)?.owner;
    if (isDrained && other) {
      const held = this.sites.filter((each) => each.owner === node);
      for (const each of held) each.owner = other;
      this.drained.set(node, held);
    } else {
      for (const each of this.drained.get(node) ?? []) each.owner = node;
      this.drained.delete(node);
    }
  }

  /// One that repeats each day, or none.
  private profiles(station: string, hasOne: boolean): object {
    const schedule = { duration: 28_800, chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 10.5 }] };
    return {
      site: this.site.site, station, at: this.site.at, connectors: [],
      schedule: { ...schedule, scheduleStart: this.site.at },
      installed: hasOne ? [{
        connectorId: 1, installed_at: this.site.at,
        csChargingProfiles: {
          chargingProfileId: 41, stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile',
          chargingProfileKind: 'Recurring', recurrencyKind: 'Daily',
          chargingSchedule: { ...schedule, startSchedule: '2026-05-01T18:00:00Z' },
        },
      }] : [],
    };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(request.url ?? '/', this.address);
    const json = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (address.pathname === '/api/v1/stream') {
      this.openStream(address.searchParams, response);
    } else if (address.pathname === '/api/v1/faults' && request.method === 'POST') {
      const fault = await bodyOf(request) as Record<string, string>;
      this.faultsAsked.push(fault);
      this.site.setFault(fault['station'] ?? '', fault['kind'] ?? '');
      json(202, { ...fault, at: this.site.at });
    } else if (address.pathname.startsWith('/api/v1/cluster/nodes/')) {
      const node = address.pathname.split('/')[5] ?? '';
      this.drain(node, request.method === 'POST');
      json(202, { node, is_drained: request.method === 'POST' });
    } else if (request.method === 'PATCH') {
      const change = await bodyOf(request) as { departs_at?: string | null };
      this.site.changeSession(address.pathname.split('/')[4] ?? '', change.departs_at ?? null);
      json(202, { asked_at: this.site.at });
    } else if (request.method === 'POST' || request.method === 'DELETE') {
      const body = request.method === 'POST' ? await bodyOf(request) : {};
      const [status, answer] = this.order(address.pathname.split('/').slice(4), body);
      json(status, answer);
    } else {
      const list = this.lists(address.pathname, address.searchParams)[address.pathname];
      if (list) json(200, list());
      else await this.file(address.pathname, response);
    }
  }

  /// What an operator orders; `path` begins with the site or station.
  private order([id, resource]: string[], body: Record<string, unknown>): [number, object] {
    const site = this.site;
    if (resource === 'site-constraints') {
      const refusal = site.limitNode(body);
      if (refusal !== '') return [409, { title: 'Conflict', status: 409, detail: refusal }];
    } else if (resource === 'load-shedding') {
      site.force(body['level'] as number | null);
    } else if (resource === 'phase-currents' || resource === 'dc-power') {
      if ('duration_s' in body) site.limitConnector(id ?? '', body as Record<string, number>);
      else site.connectorConstraints.delete(id ?? '');
    } else if (resource === 'reload' && this.reloadRefusal !== '') {
      return [422, { title: 'Unprocessable', status: 422, detail: this.reloadRefusal }];
    } else if (resource === 'reload') {
      site.reload();
    }
    return [202, { site: site.site, at: site.at }];
  }

  private async file(path: string, response: ServerResponse): Promise<void> {
    const name = path === '/' ? '/index.html' : path;
    try {
      const bytes = await readFile(join(this.dist, normalize(name)));
      response.writeHead(200, {
        'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
        'content-security-policy': policy,
      });
      response.end(bytes);
    } catch {
      response.writeHead(404, { 'content-type': 'application/problem+json' });
      response.end(JSON.stringify({ title: 'not found', detail: path }));
    }
  }
}
