// Everybody can use the page: axe finds nothing in any view, theme, width and state; paper shows
// whole lists in light colours; a phone shows which of several sites it is, and the time zone.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { complaints } from './axe';
import { keep, launch, visit } from './browser';
import { fixture } from './engine';

const ten = fixture(10, 3);
const forty = fixture(40, 4);
const views = ['overview', 'stations', 'sessions', 'events', 'safety'];
const widths = [1440, 390];
const themes = ['light', 'dark'] as const;
let browser: Browser;

beforeAll(async () => {
  await ten.start();
  await forty.start();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await ten.stop();
  await forty.stop();
});

for (const theme of themes) {
  for (const width of widths) {
    it(`axe finds nothing in any view: ${theme}, ${width} px`, async () => {
      const seen = await visit(
        browser, ten.address, { viewport: { width, height: 900 }, colorScheme: theme });
      for (const view of views) {
        await seen.page.goto(`${ten.address}/#/${view}`);
        await seen.page.waitForSelector('main :is([data-station], [data-test])');
        expect(await complaints(seen.page), view).toEqual([]);
        expect(await seen.page.evaluate(() => document.documentElement.scrollWidth), view)
          .toBeLessThanOrEqual(width);
      }
      await seen.close();
    });
  }
}

it('axe finds nothing in dialogs, in the inspector, and where lists are empty', async () => {
  for (const theme of themes) {
    const seen = await visit(browser, ten.address, { colorScheme: theme }, '#/overview');
    const page = seen.page;
    await page.locator('svg [data-station]').first().click();
    await page.locator('[data-test="inspector"]').waitFor();
    expect(await complaints(page), 'inspector').toEqual([]);
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    expect(await complaints(page), 'help').toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Inject fault' }).click();
    await page.locator('dialog[open]').waitFor();
    expect(await complaints(page), 'fault').toEqual([]);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Events/ }).click();
    await page.getByRole('searchbox', { name: 'Search events' }).fill('no such words');
    await page.getByText('No entry matches.').waitFor();
    expect(await complaints(page), 'nothing found').toEqual([]);
    await seen.close();
  }
});

it('axe finds nothing where many stations are tiles', async () => {
  for (const width of widths) {
    const seen = await visit(browser, forty.address, { viewport: { width, height: 900 } });
    await seen.page.waitForSelector('svg :is([data-station], [data-group])');
    expect(await complaints(seen.page), `${width} px`).toEqual([]);
    await keep(seen.page, `forty-${width}`, true);
    await seen.close();
  }
});

it('draws forty stations in less height than a screen has', async () => {
  const seen = await visit(browser, forty.address, {});
  await seen.page.waitForSelector('svg [data-station]');
  expect(await seen.page.locator('svg [data-station]').count()).toBe(40);
  const drawn = await seen.page.locator('[data-test="diagram"] svg').first().boundingBox();
  expect(drawn?.height ?? 0).toBeGreaterThan(100);
  expect(drawn?.height ?? 9999).toBeLessThan(800);
  await seen.close();
});

it('prints light, without what can be pressed, and lists as a whole', async () => {
  const seen = await visit(browser, forty.address, { colorScheme: 'dark' }, '#/stations');
  const page = seen.page;
  await page.waitForSelector('[data-test="stations"] .station');
  const rows = () => page.locator('[data-test="stations"] .station').count();
  expect(await rows()).toBeLessThan(40);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect.poll(rows).toBe(40);
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor))
    .toBe('rgb(255, 255, 255)');
  expect(await page.evaluate(() =>
    getComputedStyle(document.documentElement).getPropertyValue('--ink').trim())).toBe('#15212d');
  expect(await page.locator('header.bar').isVisible()).toBe(false);
  expect(await page.getByRole('button', { name: 'Inject fault' }).isVisible()).toBe(false);
  const last = page.locator('[data-test="stations"] .station').last();
  const list = page.locator('[data-test="stations"]');
  const bottom = (box: { y: number; height: number } | null) => (box?.y ?? 0) + (box?.height ?? 0);
  expect(bottom(await last.boundingBox())).toBeLessThanOrEqual(bottom(await list.boundingBox()));
  await keep(page, 'printed', true);
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect.poll(rows).toBeLessThan(40);
  await seen.close();
});

it('prints every view on a sheet’s width, light, with nothing cut off', async () => {
  const seen = await visit(browser, forty.address, { colorScheme: 'dark' });
  const page = seen.page;
  for (const view of views) {
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${forty.address}/#/${view}`);
    await page.waitForSelector('main :is([data-station], [data-test])');
    await page.locator('[data-test="connection"]', { hasText: /^Live$/ }).waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    // A4 upright, less its margins.
    await page.setViewportSize({ width: 703, height: 1000 });
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    const found = await page.evaluate(() => ({
      width: document.documentElement.scrollWidth,
      ground: getComputedStyle(document.body).backgroundColor,
      // Boxes that scroll on a screen, and hide a part on paper.
      cut: [...document.querySelectorAll('main *')].filter((each) => {
        const { overflowY } = getComputedStyle(each);
        return overflowY !== 'visible' && each.scrollHeight > each.clientHeight + 2
          && each.clientHeight > 60;
      }).map((each) => each.className),
    }));
    expect(found, view).toEqual({ width: 703, ground: 'rgb(255, 255, 255)', cut: [] });
    await keep(page, `printed-${view}`, true);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    await page.setViewportSize({ width: 1440, height: 1000 });
  }
  await seen.close();
});

it('names the site’s time zone and says times in it; UTC where it is unknown', async () => {
  for (const [zone, shown] of [['Asia/Tokyo', '21:00'], ['Nowhere/None', '12:00']] as const) {
    const seen = await visit(browser, 'about:blank', { timezoneId: 'America/New_York' });
    const page = seen.page;
    await page.route('**/api/v1/sites/*', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ json: { ...await answer.json(), time_zone: zone } });
    });
    await page.goto(`${ten.address}/#/events`);
    const expected = zone === 'Nowhere/None' ? 'UTC' : zone;
    await page.locator('[data-test="time-zone"]', { hasText: expected }).waitFor();
    // The fixture begins at 12:00 UTC, which is 21:00 in Tokyo.
    const time = page.locator('.entry time').first();
    await time.waitFor();
    expect(await time.innerText()).toMatch(new RegExp(`^${shown.slice(0, 2)}:`));
    await seen.close();
  }
});

it('a phone shows all of an event, in the words of the page', async () => {
  ten.site.say('cp', 'info', 'state', 'CP-008', 'ACTIVATED to SUPPLYING (charging begins), and '
    + 'this is so long that two lines of a phone do not hold it, as the lines of stations may be');
  const seen = await visit(
    browser, ten.address, { viewport: { width: 390, height: 844 }, isMobile: true }, '#/events');
  await seen.page.getByRole('searchbox', { name: 'Search events' }).fill('plugged in to charging');
  const entry = seen.page.locator('.row', { hasText: 'Plugged in to Charging' }).first();
  await entry.waitFor();
  expect(await entry.innerText()).toContain('Bay 008 CP-008');
  const ends = await entry.evaluate((row) => {
    const text = row.querySelector('.text');
    const isCut = text === null || text.scrollWidth > text.clientWidth + 1
      || text.scrollHeight > text.clientHeight + 1;
    const bottomOf = (each: Element | null) => each?.getBoundingClientRect().bottom;
    return { isCut, text: bottomOf(text), row: bottomOf(row) ?? 0 };
  });
  expect(ends.isCut).toBe(false);
  expect(ends.text).toBeLessThanOrEqual(ends.row);
  await keep(seen.page, 'events-phone');
  await seen.close();
});

it('a phone shows which of several sites it is, without sideways scrolling', async () => {
  const seen = await visit(
    browser, 'about:blank', { viewport: { width: 390, height: 844 }, isMobile: true });
  const page = seen.page;
  await page.route('**/api/v1/sites?*', async (route) => {
    const answer = await (await route.fetch()).json();
    const first = answer.items[0];
    const others = ['North depot of the municipal bus company', 'Harbour'].map((name, place) =>
      ({ ...first, site: `other-${place}`, name }));
    await route.fulfill({ json: { ...answer, items: [first, ...others], total: 3 } });
  });
  await page.goto(`${ten.address}/#/overview`);
  const select = page.getByRole('combobox', { name: 'Site' });
  await select.waitFor();
  const box = await select.boundingBox();
  // All but the zone's name beside it: "North depot of the municipal bus company" can be read.
  expect(box?.width ?? 0).toBeGreaterThanOrEqual(300);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const fault = await page.getByRole('button', { name: 'Inject fault' }).boundingBox();
  expect(box?.y ?? 0).toBeGreaterThanOrEqual((fault?.y ?? 0) + (fault?.height ?? 0));
  expect(await complaints(page)).toEqual([]);
  await keep(page, 'sites-phone');
  await seen.close();
});
