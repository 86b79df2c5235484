// What an operator changes while a site runs, and what the page then shows. As in
// operator.page.test.ts the same tests look at the fixture and at `busbar demo`.

import { afterAll, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { keep } from './browser';
import { engine, isDemo, siteFile } from './engine';
import { followed, openPageOf, supplying, supplyingNewest } from './open_page';

const site = siteFile();
// Who charges for minutes: what is asked for here takes longer than the demo's own sessions.
const served = engine(site, ['--drivers', '30']);
const shot = (name: string) => `${isDemo ? 'demo' : 'fixture'}-control-${name}`;
// Said before the engine's own hooks: the last said is the first done, so the engine ends first.
afterAll(() => site.remove());
const open = openPageOf(served);

const inspectorOf = (page: Page): Locator => page.locator('[data-test="inspector"]');
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

async function openNode(page: Page, node: string): Promise<Locator> {
  await page.locator(`svg [data-node="${node}"] .name`).click();
  const inspector = inspectorOf(page);
  await inspector.getByText('What limits it').waitFor();
  return inspector;
}

it('LIM-2 lowers the limit of a transformer live, shows it in force, and lifts it', async () => {
  const page = await open();
  // The demo's drivers come after a minute, one after the other.
  await expect.poll(() => flowOfTransformer(page), { timeout: 180_000 }).toBeGreaterThan(130_000);
  await supplying(page);
  const inspector = await openNode(page, 't1');
  await inspector.getByRole('textbox', { name: /^Limit / }).fill('150');
  await inspector.getByLabel('For how long').selectOption({ label: 'for 1 h' });
  await inspector.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText(/limited to 150.A until/).waitFor();
  const row = inspector.locator('[data-constraint="t1"]');
  await row.getByText(/150.A/).waitFor(followed);
  expect(plain(await row.innerText())).toMatch(/Operator, until (\d+ \w+ )?\d\d:\d\d/);
  await inspector.locator('.binding', { hasText: 'Operator' }).getByText('binds')
    .waitFor(followed);
  // What flows comes down to it: every line measured at 150 A or less.
  await expect.poll(async () => {
    const texts = await inspector.locator('.gauge .text').allInnerTexts();
    return texts.every((text) => Number(/^([\d.]+)/.exec(text)?.[1] ?? 'NaN') <= 150);
  }, followed).toBe(true);
  await keep(page, shot('transformer'), true);
  await page.keyboard.press('5');
  const named = page.locator('[data-test="control"] [data-constraint="t1"]');
  await named.getByText(/150.A/).waitFor();
  await named.getByRole('button', { name: /^Lift the operator limit of / }).click();
  await page.getByText('limit lifted').waitFor();
  await expect.poll(() => named.count(), followed).toBe(0);
});

it('LIM-7 shows what remains of a limit below the fallbacks if the engine stops', async () => {
  const page = await open();
  const inspector = await openNode(page, 't1');
  await inspector.getByRole('textbox', { name: /^Limit / }).fill('1');
  await inspector.getByRole('button', { name: 'Set', exact: true }).click();
  const row = inspector.locator('[data-constraint="t1"]');
  await row.locator('[data-test="if-engine-stops"]').getByText(/If the engine stops: \d/).waitFor();
  await keep(page, shot('below-fallbacks'), true);
  await row.getByRole('button', { name: /^Lift the operator limit of / }).click();
  await expect.poll(() => row.count(), followed).toBe(0);
  await inspector.getByRole('textbox', { name: /^Limit / }).fill('much');
  await inspector.getByRole('button', { name: 'Set', exact: true }).click();
  await inspector.getByRole('alert').getByText('Say a number of 0 or more.').waitFor();
});

it('holds a station down by hand, says so in words, and releases it', async () => {
  const page = await open();
  const station = await supplying(page);
  await page.locator(`svg [data-station="${station}"]`).click();
  const inspector = inspectorOf(page);
  await inspector.locator('[data-test="station-limit"]').waitFor();
  await inspector.getByRole('textbox', { name: /^Limit / }).fill('0');
  await inspector.getByRole('button', { name: 'Set', exact: true }).click();
  const limit = inspector.locator('[data-test="station-limit"]');
  await limit.getByText(/^until/).waitFor(followed);
  await expect.poll(() => inspector.locator('.why').first().innerText(), followed)
    .toMatch(/operator|asks for energy/);
  await keep(page, shot('station'), true);
  await inspector.getByRole('button', { name: /^Lift the operator’s limit/ }).click();
  await expect.poll(() => limit.getByText(/^until/).count(), followed).toBe(0);
});

it('changes when a driver leaves, and takes it back', async () => {
  const page = await open();
  const station = await supplyingNewest(page);
  await page.locator(`svg [data-station="${station}"]`).click();
  const inspector = inspectorOf(page);
  const form = inspector.locator('[data-test="departure-form"]').first();
  await form.getByRole('textbox').fill('later');
  await form.getByRole('button', { name: 'Change' }).click();
  await form.getByRole('alert').getByText('Say a time of day, such as 07:30.').waitFor();
  await form.getByRole('textbox').fill('04:10');
  await form.getByRole('button', { name: 'Change' }).click();
  await inspector.locator('[data-test="leaves"]').getByText(/04:10/).waitFor(followed);
  await keep(page, shot('departure'), true);
  await form.getByRole('button', { name: /^Forget when / }).click();
  await expect.poll(() => form.getByRole('button', { name: /^Forget when / }).count(), followed)
    .toBe(0);
});

it('shows setpoint against actual, state of charge and tracking error', async () => {
  const page = await open();
  const station = await supplying(page);
  await page.locator(`svg [data-station="${station}"]`).click();
  const inspector = inspectorOf(page);
  await expect.poll(async () => plain(await inspector.innerText()), followed)
    .toMatch(/[\d.]+ of [\d.]+ A told/);
  await expect.poll(async () => plain(await inspector.locator('[data-test="tracking"]')
    .first().innerText()), followed).toMatch(/^[+-]?[\d.]+ A/);
  await page.locator('[data-test="course"]')
    .getByText(new RegExp(`What .*${station} draws`)).waitFor();
});

it('forces a shedding level by hand, shows what it does, and releases it', async () => {
  const page = await open('#/safety');
  const card = page.locator('[data-test="shedding"]');
  await card.getByText('priority 3 and below is reduced by 20 %').waitFor();
  await card.getByRole('button', { name: 'Set level 1 by hand' }).click();
  await card.getByText('Level 1', { exact: true }).waitFor(followed);
  await card.getByText('set by hand').waitFor();
  await expect.poll(() => card.innerText()).toMatch(/connectors? held\s+down by/);
  await keep(page, shot('shedding'), true);
  await page.keyboard.press('1');
  await page.locator('[data-test="control-figure"]').getByText('Shedding 1').waitFor();
  await page.keyboard.press('5');
  await card.getByRole('button', { name: 'Release: follow the load' }).click();
  // A level falls once the load has been low for 30 s, without a break.
  await card.getByText('Not shedding').waitFor({ timeout: 180_000 });
  await expect.poll(() => card.getByText('set by hand').count(), followed).toBe(0);
});

it('SAFE-1 says what the site does when input is lost', async () => {
  const page = await open('#/safety');
  const card = page.locator('[data-test="control"]');
  await expect.poll(() => card.innerText()).toMatch(/leases end after/);
  const text = plain(await card.innerText());
  expect(text).toMatch(/is left out, reserved at its fallback after \d+ s/);
  expect(text).toMatch(/5 failed cycles/);
  expect(text).toMatch(/10 reduce, 0 stop, 0 maintain/);
});

it('takes the file of a site again while it runs, or says what is wrong with it', async () => {
  const page = await open('#/safety');
  const card = page.locator('[data-test="control"]');
  site.spoil(served);
  await card.getByRole('button', { name: 'Reload the site’s file' }).click();
  await card.getByRole('alert').getByText(/\.toml:\d+/).waitFor();
  await keep(page, shot('reload-refused'), true);
  site.change(served);
  await card.getByRole('button', { name: 'Reload the site’s file' }).click();
  await page.getByText('its file was taken again').waitFor();
  await page.keyboard.press('1');
  await page.locator('[data-test="control-figure"]').getByText(/priority split/)
    .waitFor(followed);
  await supplying(page);
  await keep(page, shot('reloaded'), true);
});

async function inject(page: Page, station: string, fault: string): Promise<void> {
  await page.keyboard.press('f');
  await page.getByLabel('Station', { exact: true }).fill(station);
  await page.locator('[data-test="fault"]').getByText(fault, { exact: true }).click();
  await page.getByRole('button', { name: 'Inject', exact: true }).click();
  await page.getByText(`${station}: ${fault.toLowerCase()} injected`).waitFor();
}

async function clear(page: Page, station: string): Promise<void> {
  await page.keyboard.press('f');
  await page.getByLabel('Station', { exact: true }).fill(station);
  await page.getByRole('button', { name: 'Clear its faults' }).click();
  await page.getByText(`Faults of ${station} cleared`).waitFor();
}

it('LIM-3 shows a meter that is lost and what its load counts as', async () => {
  const page = await open();
  const station = await supplying(page);
  await inject(page, station, 'Meter loss');
  const found = page.locator('svg [data-node][data-meter="lost"]').first();
  await found.waitFor();
  await found.locator('text').first().click();
  await inspectorOf(page).getByText('the most that it can be').waitFor();
  await keep(page, shot('meter-lost'), true);
  await clear(page, station);
  await expect.poll(() => page.locator('svg [data-node][data-meter="lost"]').count(), followed)
    .toBe(0);
});

/// Of every station of the site at once.
async function faultAll(page: Page, kind: string): Promise<void> {
  await page.evaluate(async (wanted) => {
    const page = await (await fetch('/api/v1/stations')).json();
    for (const { site, station } of page.items) {
      await fetch('/api/v1/faults', {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ site, station, kind: wanted }),
      });
    }
  }, kind);
}

/// What the transformer's fullest line carries, in mA.
async function flowOfTransformer(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const sites = await (await fetch('/api/v1/sites')).json();
    const site = await (await fetch(`/api/v1/sites/${sites.items[0].site}`)).json();
    const node = site.nodes.find((each: { node: string }) => each.node === 't1');
    return Math.max(...node.measured_ma);
  });
}

async function limitTransformer(page: Page, limit: number | null): Promise<void> {
  await page.evaluate(async (limit_ma) => {
    const sites = await (await fetch('/api/v1/sites')).json();
    await fetch(`/api/v1/sites/${sites.items[0].site}/site-constraints`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ node: 't1', source: 'operator', limit_ma }),
    });
  }, limit);
}

async function appears(what: Locator): Promise<boolean> {
  return what.waitFor({ timeout: 14_000 }).then(() => true, () => false);
}

it('SAFE-2 shows stations that do not obey, and the step taken against them', async () => {
  const page = await open();
  await supplying(page);
  // More than the 90 A that they are told below: the meter of the test before has to be back.
  await expect.poll(() => flowOfTransformer(page), { timeout: 180_000 }).toBeGreaterThan(130_000);
  await faultAll(page, 'disobey');
  const inspector = await openNode(page, 't1');
  // They have nothing to disobey until they are told less than they draw.
  await inspector.getByRole('textbox', { name: /^Limit / }).fill('90');
  await inspector.getByRole('button', { name: 'Set', exact: true }).click();
  await page.getByText(/limited to 90/).waitFor();
  await page.keyboard.press('5');
  const found = page.locator('[data-test="control"] [data-disobeys]').first();
  // A session may end before its station is found: then the next ones are made to disobey.
  for (let tries = 1; !(await appears(found)) && tries < 6; ++tries) {
    await faultAll(page, 'clear');
    await limitTransformer(page, null);
    await expect.poll(() => flowOfTransformer(page), { timeout: 180_000 })
      .toBeGreaterThan(130_000);
    await faultAll(page, 'disobey');
    await limitTransformer(page, 90_000);
  }
  await found.waitFor(followed);
  await keep(page, shot('disobeys-safety'), true);
  await found.getByRole('button').click();
  await inspector.locator('[data-test="disobeys"]').waitFor(followed);
  await keep(page, shot('disobeys'), true);
  await faultAll(page, 'clear');
  await page.keyboard.press('5');
  await page.getByRole('button', { name: /^Lift the operator limit of / }).click();
  await expect.poll(() => page.locator('[data-disobeys]').count()).toBe(0);
}, 900_000);
