// Debian's Chromium, headless, driven by playwright-core. Every page notes the requests that it
// makes and the errors that it meets; screenshots are kept under BUSBAR_ARTIFACTS.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  '--disable-dev-shm-usage'];

/// For whatever a page is to show.
export const patienceMs = 90_000;
/// What a machine that does other work, too, may add to a goal (tests/deploy/waiting.py).
export const slackMs = 1000 * Number(process.env['BUSBAR_SLACK_S'] ?? 10);

export const artifacts = process.env['BUSBAR_ARTIFACTS'] ?? join(process.cwd(), 'artifacts');

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['BUSBAR_CHROMIUM'] ?? '/usr/bin/chromium', headless: true,
    args: flags,
  });
}

export interface Visit {
  page: Page;
  /// Requests to any other place than the page's own engine.
  foreign: string[];
  /// Errors of scripts and of the content security policy.
  errors: string[];
  close(): Promise<void>;
}

/// A new, empty profile on `address`.
export async function visit(
  browser: Browser, address: string, options: BrowserContextOptions = {}, hash = '',
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1000 }, reducedMotion: 'reduce', ...options,
  });
  context.setDefaultTimeout(patienceMs);
  const page = await context.newPage();
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith('data:')) {
      foreign.push(request.url());
    }
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A refused connection while the engine restarts is no error of the page.
    if (message.type() === 'error' && !/Failed to load resource|net::ERR/.test(message.text())) {
      errors.push(message.text());
    }
  });
  await page.goto(`${address}/${hash}`);
  return { page, foreign, errors, close: () => context.close() };
}

export async function keep(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage });
}
