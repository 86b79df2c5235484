// The state that every view reads: one site, its journal, its courses, and how fresh they are.

import { untrack } from 'svelte';
import type { JournalEntry, SiteSummary, StreamSite } from '../model/api_types';
import { courseOf, HistoryShelf } from '../model/history';
import { withEntries } from '../model/journal';
import { powerLimit } from '../model/load';
import { applied, modelOf, type ConnectorModel, type NodeModel, type SiteModel }
  from '../model/site_model';
import * as engine from './engine_api';
import { EngineStream } from './engine_stream';

export type Connection = 'connecting' | 'live' | 'reconnecting';

/// Ten minutes, a sample a second.
const historyLength = 600;
const historiesMost = 500;
/// Above this number of stations only those that are looked at are recorded.
const stationsRecordedMost = 100;
const journalRead = 300;
/// An engine that came back with other sites refuses the stream: then the sites are read again.
const lossesBeforeLooking = 3;
/// No site has it as its id.
const closed = '\0';

class SiteFeed {
  sites = $state.raw<SiteSummary[]>([]);
  siteTotal = $state(0);
  model = $state.raw<SiteModel | undefined>();
  journal = $state.raw<JournalEntry[]>([]);
  connection = $state<Connection>('connecting');
  /// What went wrong at the last attempt, in words; empty when nothing did.
  trouble = $state('');
  /// Critical health checks that fail: what is shown may be old though the engine answers.
  failing = $state.raw<string[]>([]);
  /// Of this machine's clock, ms: when anything was heard last, and now (each second).
  heardAt = $state(Date.now());
  now = $state(Date.now());
  /// Grows with every event applied: what charts wait for.
  beat = $state(0);
  readonly histories = new HistoryShelf(historiesMost, historyLength);
  private readonly watched = new Set<string>();
  private stream: EngineStream | undefined;
  private journalSeen: number | undefined;
  /// Events that come while the site's facts are read anew wait here.
  private waiting: StreamSite[] | undefined;
  private wanted = '';
  private losses = 0;
  private clock: ReturnType<typeof setInterval> | undefined;

  start(site: string): void {
    clearInterval(this.clock);
    this.clock = setInterval(() => { this.now = Date.now(); }, 1000);
    void this.open(site);
  }

  /// Forgets what was shown: it is for another one to see.
  close(): void {
    clearInterval(this.clock);
    this.stream?.stop();
    this.wanted = closed;
    this.model = undefined;
    this.sites = [];
    this.journal = [];
    this.histories.clear();
  }

  /// More than one site is to be chosen from.
  get hasMany(): boolean {
    return this.siteTotal > 1;
  }

  /// The site that is chosen now, where it is another one.
  follow(site: string): void {
    if (site !== '' && site !== this.wanted && site !== this.model?.site) void this.open(site);
  }

  /// Shows `site`, or the first one where it is empty or unknown.
  async open(site: string): Promise<void> {
    this.stream?.stop();
    this.connection = 'connecting';
    this.wanted = site;
    if (site !== '' && this.model?.site !== site) this.model = undefined;
    try {
      await this.readSites();
      const chosen = this.sites.find((each) => each.site === site)?.site
        ?? (site !== '' && this.siteTotal > this.sites.length ? site : this.sites[0]?.site);
      if (chosen === undefined) throw new engine.Refusal('the engine has no site yet');
      if (this.wanted === site && await this.readSite(chosen, site)) this.listen(chosen);
    } catch (error) {
      this.trouble = describe(error);
      if (this.wanted === site) setTimeout(() => void this.open(site), 1500);
    }
  }

  /// A station or node whose course is shown.
  watch(name: string): void {
    this.watched.add(name);
  }

  private async readSites(): Promise<void> {
    const page = await engine.sites();
    this.sites = page.items;
    this.siteTotal = page.total;
  }

  /// False where another one is wanted by now.
  private async readSite(site: string, wanted: string): Promise<boolean> {
    const [detail, stations, journal] = await Promise.all([
      engine.site(site), engine.stations(site), engine.newestEntries(site, journalRead)]);
    if (this.wanted !== wanted) return false;
    if (this.model?.site !== site) this.histories.clear();
    this.model = modelOf(detail, stations);
    this.journal = withEntries([], journal.items);
    this.journalSeen = journal.journal_end;
    this.trouble = '';
    return true;
  }

  private listen(site: string): void {
    this.stream = new EngineStream(site, () => this.journalSeen, {
      opened: () => {
        this.connection = 'live';
        this.trouble = '';
        this.losses = 0;
        this.heardAt = Date.now();
      },
      lost: () => {
        this.connection = 'reconnecting';
        this.losses += 1;
        if (this.losses % lossesBeforeLooking === 0) void this.lookFor(site);
      },
      heard: () => { this.heardAt = Date.now(); },
      site: (event) => this.take(event),
      journal: (entry) => {
        this.journalSeen = entry.number;
        this.journal = withEntries(this.journal, [entry]);
      },
      gap: () => void this.readJournal(site),
      heartbeat: (beat) => { this.failing = beat.failing; },
    });
    this.stream.start();
  }

  private async lookFor(site: string): Promise<void> {
    try {
      await engine.site(site);
    } catch (error) {
      if (error instanceof engine.Refusal && this.wanted !== closed) await this.open('');
    }
  }

  /// After a gap the numbering may have begun anew, so what is shown is read afresh.
  private async readJournal(site: string): Promise<void> {
    try {
      const page = await engine.newestEntries(site, journalRead);
      this.journal = withEntries([], page.items);
      this.journalSeen = page.journal_end;
    } catch (error) {
      this.trouble = describe(error);
    }
  }

  private take(event: StreamSite): void {
    const model = untrack(() => this.model);
    if (this.waiting) {
      this.waiting.push(event);
    } else if (model && model.topology !== event.topology) {
      void this.readFacts(event);
    } else if (model) {
      this.model = applied(model, event);
      this.record(this.model);
      this.beat += 1;
    }
  }

  private async readFacts(first: StreamSite): Promise<void> {
    this.waiting = [first];
    try {
      const [detail, stations] = await Promise.all([
        engine.site(first.site), engine.stations(first.site)]);
      this.model = modelOf(detail, stations);
    } catch (error) {
      this.trouble = describe(error);
    }
    const events = this.waiting.filter((event) => event.topology === this.model?.topology);
    this.waiting = undefined;
    for (const event of events) this.take(event);
  }

  private record(model: SiteModel): void {
    const time = Date.parse(model.at) / 1000;
    for (const node of model.nodes) this.recordNode(node, time);
    for (const station of model.stations) {
      if (model.stations.length > stationsRecordedMost && !this.watched.has(station.station)) {
        continue;
      }
      for (const connector of station.connectors) this.recordConnector(connector, time);
    }
  }

  private recordNode(node: NodeModel, time: number): void {
    this.histories.of(`node:${node.node}`, 5).add(time, [
      powerLimit(node), node.power_w, ...node.measured_ma]);
  }

  private recordConnector(connector: ConnectorModel, time: number): void {
    this.histories.of(`connector:${connector.connector}`, 4).add(time, courseOf(connector));
  }
}

function describe(error: unknown): string {
  if (error instanceof engine.Refusal) return error.message;
  return 'the engine does not answer';
}

export const feed = new SiteFeed();
