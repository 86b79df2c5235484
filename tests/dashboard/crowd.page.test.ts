// 2,000 stations, all of which change every second: the page stays fluid. And what only the
// fixture can show at will: violations, a lost meter, a change of the site's file.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { keep, launch, slackMs, visit } from './browser';
import { fixture } from './engine';
import { fluencyBesideCopy, halfTheFrames, slowness } from './fluency';

const crowd = fixture(2000, 40);
const small = fixture(10, 3);
let browser: Browser;

beforeAll(async () => {
  await crowd.start();
  await small.start();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await crowd.stop();
  await small.stop();
});

for (const [view, hash] of [['overview', '#/overview'], ['stations', '#/stations']] as const) {
  it(`stays fluid with 2,000 stations that change every second: ${view}`, async () => {
    const slow = await slowness(browser);
    const seen = await visit(browser, crowd.address, {}, hash);
    await seen.page.waitForSelector('[data-group], [data-test="stations"] .station');
    const found = await fluencyBesideCopy(browser, seen.page);
    console.log(`${view} with 2,000 stations:`, { ...found, slow });
    await keep(seen.page, `crowd-${view}`);
    // Only what is in sight is in the document.
    expect(found.elements).toBeLessThan(3500);
    expect(found.medianMs).toBeLessThan(halfTheFrames(found.stillMs));
    expect(found.busyShare).toBeLessThan(0.6 * slow);
    expect(seen.errors).toEqual([]);
    expect(seen.foreign).toEqual([]);
    await seen.close();
  });
}

it('finds one of 2,000 stations, by search and from its feeder in the diagram', async () => {
  const seen = await visit(browser, crowd.address);
  const page = seen.page;
  await page.locator('[data-group="f7"]').click();
  await expect.poll(() => page.locator('[data-test="shown"]').innerText()).toBe('50 stations');
  await page.getByRole('combobox', { name: 'Below' }).selectOption('');
  await page.getByRole('searchbox', { name: 'Search stations' }).fill('CP-1234');
  await expect.poll(() => page.locator('[data-test="shown"]').innerText()).toBe('1 station');
  await seen.close();
});

it('shows a violation with what is measured and what is allowed', async () => {
  small.site.violations = [{
    subject: 'f1', what: 'current above the limit', severity: 'critical', since: small.site.at,
    measured: 130_500, allowed: 127_000, unit: 'ma',
  }];
  const seen = await visit(browser, small.address, {}, '#/safety');
  const row = seen.page.locator('[data-test="violations"] [role="option"]');
  await row.waitFor();
  const text = (await row.innerText()).replaceAll('\u202f', ' ');
  expect(text).toContain('f1');
  expect(text).toContain('131 A');
  expect(text).toContain('allowed 127 A');
  await row.click();
  await seen.page.locator('[data-test="inspector"]').getByText('Feeder 1').first().waitFor();
  await keep(seen.page, 'violation');
  small.site.violations = [];
  await seen.close();
});

it('LIM-3 says what a lost meter counts as', async () => {
  small.site.setFault('CP-001', 'meter_loss');
  const seen = await visit(browser, small.address, {}, '#/overview?node=f1');
  await seen.page.getByText('the most that it can be').waitFor();
  small.site.setFault('CP-001', 'clear');
  await expect.poll(() => seen.page.getByText('the most that it can be').count()).toBe(0);
  await seen.close();
});

it('says at once that the log is away, though the engine answers', async () => {
  const { page, close } = await visit(browser, small.address);
  const status = page.locator('[data-test="connection"]');
  await page.locator('[data-test="connection"]', { hasText: /^Live$/ }).waitFor();
  small.fail(['log']);
  await page.locator('[data-test="connection"]', { hasText: /^Log away$/ })
    .waitFor({ timeout: 1000 + slackMs });
  expect(await status.getAttribute('data-tone')).toBe('lost');
  small.fail([]);
  await page.locator('[data-test="connection"]', { hasText: /^Live$/ })
    .waitFor({ timeout: 1000 + slackMs });
  await close();
});

it('reads the site anew when its file has changed', async () => {
  const seen = await visit(browser, small.address);
  await seen.page.locator('svg [data-station]').first().waitFor();
  const asked: string[] = [];
  seen.page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  small.site.topology = 'another';
  await expect.poll(() => asked).toContain('/api/v1/sites/garage');
  const seenTexts = new Set<string>();
  await expect.poll(async () =>
    seenTexts.add(await seen.page.locator('[data-test="diagram"]').innerText()).size,
  { interval: 300 }).toBeGreaterThanOrEqual(2);
  await seen.close();
});

it('shows no way to inject a fault where the engine does not allow it', async () => {
  small.site.faultsAllowed = false;
  const { page, close } = await visit(browser, small.address, {}, '#/stations');
  await page.locator('[data-test="connection"]', { hasText: /^Live$/ }).waitFor();
  expect(await page.getByRole('button', { name: /fault/i }).count()).toBe(0);
  await page.keyboard.press('f');
  expect(await page.getByRole('dialog').count()).toBe(0);
  await close();
  small.site.faultsAllowed = true;
});
