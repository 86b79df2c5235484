// The page of a real engine that asks who calls: the first administrator, logins, what a viewer is
// not offered, tokens, users, passwords.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { complaints } from './axe';
import { keep, launch, visit, type Visit } from './browser';
import { required } from './engine';
import { isLive } from './open_page';

const password = 'Copper-bar-77';
const startMostMs = 90_000;
const narrow = { viewport: { width: 390, height: 844 } };

class GuardedEngine {
  readonly folder = mkdtempSync(join(tmpdir(), 'busbar-users-'));
  address = '';
  /// Of the first administrator; empty where there are users.
  setUpLink = '';
  private process: ChildProcess | undefined;

  add(name: string, role: string): void {
    const done = spawnSync(required('BUSBAR_BINARY'),
      ['user', 'add', name, '--role', role, '--access', join(this.folder, 'access')],
      { input: `${password}\n` });
    if (done.status !== 0) throw new Error(done.stderr.toString());
  }

  start(isFirst = false): Promise<void> {
    const site = join(required('BUSBAR_PROJECT'), 'examples/autonomous.toml');
    const process = spawn(required('BUSBAR_BINARY'),
      ['engine', '--site', site, '--port', '0', '--access', join(this.folder, 'access')],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = process;
    return new Promise((resolve, reject) => {
      let said = '';
      const deadline = setTimeout(() => reject(new Error(`no address in: ${said}`)), startMostMs);
      const read = (part: Buffer) => {
        said += part.toString();
        const address = /^http:\/\/[\w.]+:\d+$/m.exec(said);
        const link = /http:\S+set-up\?code=\S+/.exec(said);
        if (!address || (isFirst && !link)) return;
        clearTimeout(deadline);
        this.address = address[0];
        this.setUpLink = link?.[0] ?? '';
        resolve();
      };
      process.stdout.on('data', read);
      process.stderr.on('data', read);
    });
  }

  async stop(): Promise<void> {
    const process = this.process;
    if (process && process.exitCode === null) {
      const ended = new Promise((resolve) => process.once('exit', resolve));
      process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

let browser: Browser;
let served: GuardedEngine;
let now: Visit | undefined;

beforeAll(async () => { browser = await launch(); });
afterAll(async () => { await browser?.close(); });
beforeEach(() => { served = new GuardedEngine(); });
afterEach(async () => {
  const seen = now;
  now = undefined;
  await seen?.close();
  await served.stop();
  expect(seen?.foreign ?? [], 'requests that left the machine').toEqual([]);
  expect(seen?.errors ?? [], 'errors on the page').toEqual([]);
});

async function open(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
  now = await visit(browser, served.address, options, hash);
  return now.page;
}

async function logIn(page: Page, name: string, secret = password): Promise<void> {
  await page.locator('[data-test="login"]').waitFor();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(secret);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function entered(page: Page): Promise<void> {
  await page.waitForSelector('main :is([data-station], [data-test])');
  await isLive(page);
}

it('makes the first administrator by the link of the start, once', async () => {
  await served.start(true);
  let page = await open();
  await page.getByText('This engine has no users yet').waitFor();
  await now?.close();
  page = await open(served.setUpLink.slice(served.setUpLink.indexOf('#')));
  await page.getByText('Make the first administrator').waitFor();
  await page.getByLabel('Name').fill('anna');
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await page.getByRole('alert').getByText(/at least 12 characters/).waitFor();
  await keep(page, 'users-first');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await entered(page);
  expect(page.url()).not.toContain('code');
  await page.reload();
  await entered(page);
});

it('lets in by name and password alone, keeps the login, and ends it', async () => {
  served.add('anna', 'admin');
  await served.start();
  const page = await open('#/safety', narrow);
  await logIn(page, 'anna', 'Wrong-word-77');
  await page.getByRole('alert').getByText(/name or password is wrong/).waitFor();
  await keep(page, 'users-login-390');
  expect(await complaints(page)).toEqual([]);
  // A failure makes the next try wait for a second.
  await expect.poll(async () => {
    if (await page.locator('[data-test="login"]').count() > 0) await logIn(page, 'anna');
    return page.getByRole('button', { name: 'Account of anna' }).count();
  }, { interval: 500 }).toBe(1);
  await isLive(page);
  expect(await page.evaluate(() => document.cookie), 'no script sees the tokens').toBe('');
  await page.reload();
  await isLive(page);
  await page.getByRole('button', { name: 'Account of anna' }).click();
  await page.locator('[data-test="account"]').getByText('Admin, all sites').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.locator('[data-test="login"]').waitFor();
  await page.reload();
  await page.locator('[data-test="login"]').waitFor();
});

it('offers a viewer nothing that would be refused', async () => {
  served.add('anna', 'admin');
  served.add('vera', 'viewer');
  await served.start();
  const page = await open('#/safety');
  await logIn(page, 'vera');
  await isLive(page);
  const shedding = page.locator('[data-test="shedding"]');
  await shedding.getByText('priority 3 and below is reduced by 20 %').waitFor();
  expect(await shedding.getByRole('button').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Reload the site’s file' }).count()).toBe(0);
  await page.keyboard.press('1');
  await page.locator('svg [data-node]').first().waitFor();
  await page.locator('svg [data-node] .name').first().click();
  await page.locator('[data-test="inspector"]').getByText('What limits it').waitFor();
  expect(await page.getByRole('button', { name: 'Set', exact: true }).count()).toBe(0);
  await page.getByRole('button', { name: 'Account of vera' }).click();
  expect(await page.getByRole('button', { name: 'Users' }).count()).toBe(0);
  await keep(page, 'users-viewer');
});

it('keeps users: adds one, gives a role, disables, and says why it refuses', async () => {
  served.add('anna', 'admin');
  await served.start();
  const page = await open('', { colorScheme: 'dark', ...narrow });
  await logIn(page, 'anna');
  await entered(page);
  await page.getByRole('button', { name: 'Account of anna' }).click();
  await page.getByRole('button', { name: 'Users' }).click();
  const dialog = page.locator('[data-test="users"]');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('ben');
  await dialog.getByLabel('Password').fill('weak');
  await dialog.getByRole('button', { name: 'Add' }).click();
  await dialog.getByRole('alert').getByText(/at least 12 characters/).waitFor();
  await dialog.getByLabel('Password').fill(password);
  await dialog.getByRole('button', { name: 'Add' }).click();
  const ben = dialog.locator('[data-user="ben"]');
  await ben.getByText('never logged in').waitFor();
  await ben.getByLabel('Role of ben').selectOption('operator');
  await page.getByText('ben is operator now').waitFor();
  await ben.getByLabel('Sites of ben').fill('autonomous');
  await ben.getByLabel('Sites of ben').press('Enter');
  await page.getByText('ben: autonomous').waitFor();
  await ben.getByRole('button', { name: 'Disable ben' }).click();
  await ben.getByText('disabled').waitFor();
  await keep(page, 'users-dialog-390-dark');
  expect(await complaints(page)).toEqual([]);
  await dialog.getByLabel('Role of anna').selectOption('viewer');
  await dialog.getByRole('alert').getByText(/no enabled administrator/).waitFor();
  await ben.getByRole('button', { name: 'Remove ben' }).click();
  await expect.poll(() => ben.count()).toBe(0);
});

it('makes a token that is shown once, and changes the password', async () => {
  served.add('anna', 'admin');
  await served.start();
  const page = await open();
  await logIn(page, 'anna');
  await entered(page);
  await page.getByRole('button', { name: 'Account of anna' }).click();
  const dialog = page.locator('[data-test="account"]');
  await dialog.getByLabel('Name of the token').fill('grafana');
  await dialog.getByRole('button', { name: 'Make' }).click();
  const token = await dialog.locator('[data-test="token"]').innerText();
  expect(token).toMatch(/^busbar_/);
  const asked = await fetch(`${served.address}/api/v1/sites`,
    { headers: { authorization: `Bearer ${token}` } });
  expect(asked.status).toBe(200);
  await keep(page, 'users-account');
  await dialog.getByRole('button', { name: 'Revoke token grafana' }).click();
  await expect.poll(() => dialog.locator('[data-token]').count()).toBe(0);
  await dialog.getByLabel('Old password').fill(password);
  await dialog.getByLabel('New password').fill('Silver-bar-78');
  await dialog.getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The password is changed').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await logIn(page, 'anna', 'Silver-bar-78');
  await entered(page);
});
