// How a file of page tests looks at its engine: one engine and one browser for the whole file, an
// empty profile for each test. Whatever a test looked at, no request left the machine and the page
// met no error.

import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch, patienceMs, visit, type Visit } from './browser';
import type { Engine } from './engine';

/// The engine decides every second; a station has some seconds to follow.
export const followed = { timeout: patienceMs };

/// Opens the page of the file's engine, one in a test, and waits until it is live.
export type OpenPage = (hash?: string, options?: BrowserContextOptions) => Promise<Page>;

/// Call it once, at the top of a file: it starts `served` before the tests and stops it after them.
export function openPageOf(served: Engine): OpenPage {
  let browser: Browser;
  let now: Visit | undefined;

  beforeAll(async () => {
    await served.start();
    browser = await launch();
  });

  afterEach(async () => {
    const seen = now;
    now = undefined;
    await seen?.close();
    expect(seen?.foreign ?? [], 'requests that left the machine').toEqual([]);
    expect(seen?.errors ?? [], 'errors on the page').toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await served.stop();
  });

  return async (hash = '', options = {}) => {
    now = await visit(browser, served.address, options, hash);
    await now.page.waitForSelector('main :is([data-station], [data-test])');
    await isLive(now.page);
    return now.page;
  };
}

export async function isLive(page: Page): Promise<void> {
  await page.locator('[data-test="connection"]', { hasText: /^Live$/ }).waitFor();
}

/// Beside what `followed` waits for: a connector that lost its turn rests for 60 s (its minimum off
/// time), so after an order that stopped a whole site nothing supplies for as long.
const rested = { timeout: 60_000 + followed.timeout };

/// A station that supplies now; waits for one.
export async function supplying(page: Page): Promise<string> {
  const found = page.locator('svg [data-station][data-condition="supplying"]').first();
  // Not `waitFor` first: the one that it found may have been stopped before its name was read.
  return (await found.getAttribute('data-station', rested)) ?? '';
}

/// The station of the newest session that supplies: a test is done with it before it ends.
export async function supplyingNewest(page: Page): Promise<string> {
  await supplying(page);
  const answer = await page.request.get(
    new URL('/api/v1/sessions?state=open&limit=1000', page.url()).href);
  const { items } = await answer.json() as { items: { station: string; started_at: string }[] };
  items.sort((a, b) => b.started_at.localeCompare(a.started_at));
  for (const { station } of items) {
    const found = page.locator(`svg [data-station="${station}"][data-condition="supplying"]`);
    if (await found.count() > 0) return station;
  }
  return supplying(page);
}
