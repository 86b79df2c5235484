// Questions to the engine that served this page. Addresses are relative: nothing else is asked.

import type {
  Cluster, FailSafe, FaultKind, Health, InstalledProfile, JournalEntry, LoadShedding, Page,
  SiteDetail, SiteSummary, Station,
} from '../model/api_types';
import { inOrder } from '../model/journal';

/// What the engine said when it refused: an RFC 9457 problem's words, or the status line.
export class Refusal extends Error {
  constructor(text: string, readonly status = 0) {
    super(text);
  }
}

/// Told when the engine does not know any more who asks.
export const unknown = { told: (): void => {} };

interface Problem {
  title?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

async function refusalOf(answer: Response): Promise<Refusal> {
  if (answer.status === 401) unknown.told();
  const problem = (await answer.json().catch(() => ({}))) as Problem;
  const faults = problem.errors?.map((each) => `${each.pointer} ${each.detail}`.trim()) ?? [];
  const said = [problem.detail ?? problem.title, ...faults].filter(Boolean);
  return new Refusal(said.join(' — ') || `the engine answered ${answer.status}`, answer.status);
}

export async function read<Answer>(path: string): Promise<Answer> {
  const answer = await fetch(path, { headers: { accept: 'application/json' } });
  if (!answer.ok) throw await refusalOf(answer);
  return (await answer.json()) as Answer;
}

function query(parameters: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') given.set(name, String(value));
  }
  const text = given.toString();
  return text === '' ? '' : `?${text}`;
}

const pageLength = 5000;
/// Ten pages: 50,000 members, more than a site may have.
const pagesMost = 10;

/// Every member of a paged list.
export async function readAll<Item>(
  path: string, filters: Record<string, string | undefined> = {},
): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  for (let page = 0; page < pagesMost; page += 1) {
    const answer: Page<Item> = await read(path + query({ ...filters, limit: pageLength, after }));
    items.push(...answer.items);
    if (answer.next === null) break;
    after = answer.next;
  }
  return items;
}

export function readPage<Item>(
  path: string, filters: Record<string, string | number | undefined>,
): Promise<Page<Item>> {
  return read(path + query(filters));
}

export const sites = (search = ''): Promise<Page<SiteSummary>> =>
  read(`/api/v1/sites${query({ limit: 200, q: search })}`);
export const allSites = (): Promise<SiteSummary[]> => readAll('/api/v1/sites');
export const site = (id: string): Promise<SiteDetail> =>
  read(`/api/v1/sites/${encodeURIComponent(id)}`);
export const stations = (id: string): Promise<Station[]> =>
  readAll('/api/v1/stations', { site: id });

export interface JournalPage {
  items: JournalEntry[];
  journal_end: number;
}

/// The newest `count` entries of the journal, and as many of warnings and worse however old they
/// are, oldest first. Progress of sessions is not among them: it is told again within seconds.
export async function newestEntries(site: string, count: number): Promise<JournalPage> {
  const readSome = (filter: Record<string, string>): Promise<JournalPage> =>
    read(`/api/v1/events${query({ limit: count, site, ...filter })}`);
  // In this order: what is streamed from the end of all on is newer than every entry that was read.
  const serious = await readSome({ level: 'warning' });
  const all = await readSome({ progress: 'false' });
  return { items: inOrder([...serious.items, ...all.items]), journal_end: all.journal_end };
}

/// Answers also where the engine is not ready (503): what fails is what is asked for.
export async function health(): Promise<Health> {
  const answer = await fetch('/health', { headers: { accept: 'application/json' } });
  return (await answer.json()) as Health;
}

/// What the engine answers; nothing where its answer has no body.
export async function send<Answer = void>(
  method: string, path: string, body?: object,
): Promise<Answer> {
  const kind = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(path, {
    method, headers: { accept: 'application/json', ...kind },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw await refusalOf(answer);
  return (answer.status === 204 ? undefined : await answer.json()) as Answer;
}

const post = (path: string, body: object): Promise<void> => send('POST', path, body);

export const injectFault = (site: string, station: string, kind: FaultKind): Promise<void> =>
  post('/api/v1/faults', { site, station, kind });

const siteAt = (site: string, resource: string): string =>
  `/api/v1/sites/${encodeURIComponent(site)}/${resource}`;
const stationAt = (site: string, station: string, resource: string): string =>
  `/api/v1/stations/${encodeURIComponent(station)}/${resource}${query({ site })}`;

export const chargingProfiles = (
  site: string, station: string,
): Promise<{ installed: InstalledProfile[] }> =>
  read(stationAt(site, station, 'charging-profiles'));

/// Null lifts the limit of that source.
export interface NodeLimit {
  node: string;
  source?: 'operator' | 'demand_response';
  limit_ma?: number | null;
  limit_w?: number | null;
  until?: string;
}

export const limitNode = (site: string, limit: NodeLimit): Promise<void> =>
  post(siteAt(site, 'site-constraints'), limit);
export const loadShedding = (site: string): Promise<LoadShedding> =>
  read(siteAt(site, 'load-shedding'));
/// A level by hand, or null: it follows the load again.
export const forceShedding = (site: string, level: number | null): Promise<void> =>
  post(siteAt(site, 'load-shedding'), { level });
export const enableShedding = (site: string, enabled: boolean): Promise<void> =>
  post(siteAt(site, 'load-shedding'), { enabled });
export const failSafe = (site: string): Promise<FailSafe> =>
  read(siteAt(site, `fail-safe${query({ limit: 1 })}`));
export const reload = (site: string): Promise<void> => post(siteAt(site, 'reload'), {});

export type ConnectorLimit =
  { connector: string; duration_s: number } & (
    { power_w: number } | Record<'l1_ma' | 'l2_ma' | 'l3_ma', number | undefined>);

const resourceOf = (kind: string): string => (kind === 'dc' ? 'dc-power' : 'phase-currents');

export const limitConnector = (
  site: string, station: string, kind: string, limit: ConnectorLimit,
): Promise<void> => post(stationAt(site, station, resourceOf(kind)), limit);

export async function liftConnector(
  site: string, station: string, kind: string, connector: string,
): Promise<void> {
  const path = `${stationAt(site, station, resourceOf(kind))}`;
  await send('DELETE', `${path}&connector=${encodeURIComponent(connector)}`);
}

export const cluster = (): Promise<Cluster> => read('/api/v1/cluster');
const drainOf = (node: string): string =>
  `/api/v1/cluster/nodes/${encodeURIComponent(node)}/drain`;
export const drainNode = (node: string): Promise<void> => send('POST', drainOf(node));
export const putNodeBack = (node: string): Promise<void> => send('DELETE', drainOf(node));

/// What an open session wants; null takes it back, what is not stated stays.
export interface SessionChange {
  departs_at?: string | null;
  energy_wanted_wh?: number | null;
}

export async function changeSession(
  site: string, session: string, change: SessionChange,
): Promise<void> {
  const path = `/api/v1/sessions/${encodeURIComponent(session)}${query({ site })}`;
  await send('PATCH', path, change);
}
