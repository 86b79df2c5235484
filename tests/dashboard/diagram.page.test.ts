// The single-line diagram at every width and number of stations: no list of nearly empty rows, and
// no word that is cut off by the edge of its box or of the drawing.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { keep, launch, visit } from './browser';
import { fixture } from './engine';
import type { FixtureServer } from './fixture_server';

/// Names as in examples/autonomous.toml, wide letters in all of them.
const names = ['350 kW DC', '100 kW DC', '150 kW DC', 'WWWWWWWWWWWWW'];
let browser: Browser;

beforeAll(async () => { browser = await launch(); });
afterAll(() => browser?.close());

async function onSite(
  stations: number, feeders: number, look: (served: FixtureServer) => Promise<void>,
): Promise<void> {
  const served = fixture(stations, feeders);
  served.site.stationName = (station) => names[Number(station.slice(3)) % names.length] ?? '';
  await served.start();
  try {
    await look(served);
  } finally {
    await served.stop();
  }
}

/// Texts that reach over the drawing's edge, or over that of their station's box.
function cutTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const drawing = document.querySelector('[data-test="diagram"] svg');
    const found: string[] = [];
    for (const text of drawing?.querySelectorAll('text') ?? []) {
      const around = text.closest('[data-station]')?.querySelector('.box') ?? drawing;
      const [inner, outer] = [text.getBoundingClientRect(), around?.getBoundingClientRect()];
      if (!outer || inner.width === 0) continue;
      if (inner.right > outer.right - 1 || inner.left < outer.left) {
        found.push(`${text.textContent?.trim()}: ${Math.round(inner.right - outer.right)} px`);
      }
    }
    return found;
  });
}

const sites = [[10, 2], [12, 1], [12, 3], [24, 6], [40, 4], [200, 4]] as const;

for (const [stations, feeders] of sites) {
  it(`${stations} stations on ${feeders} feeders: short, full, and no word is cut`, async () => {
    await onSite(stations, feeders, async (served) => {
      for (const width of [1440, 1000, 820, 390]) {
        const viewport = { width, height: 1000 };
        const { page, close } = await visit(browser, served.address, { viewport });
        await page.waitForSelector('svg :is([data-station], [data-group])');
        const at = `${width} px`;
        expect(await cutTexts(page), at).toEqual([]);
        const drawing = await page.locator('[data-test="diagram"] svg').first().boundingBox();
        // Nodes take 66 px each; of stations a few stand side by side.
        const nodes = 66 * (feeders + 2);
        expect(drawing?.height ?? 9999, at).toBeLessThan(nodes + (width < 800 ? 600 : 420));
        const widths = await page.locator('svg [data-station] .box').evaluateAll((all) =>
          all.map((each) => each.getBoundingClientRect().width));
        // A row that is wider says nothing more.
        expect(Math.max(0, ...widths), at).toBeLessThan(400);
        if (stations >= 12) expect(Math.max(0, ...widths), at).toBeLessThan(200);
        await keep(page, `diagram-${stations}-${width}`, true);
        await close();
      }
    });
  });
}

it('a phone shows all of a site’s name', async () => {
  const served = fixture(4, 1);
  Object.assign(served.site, { name: 'Autonomous yard of the north' });
  await served.start();
  const { page, close } = await visit(
    browser, served.address, { viewport: { width: 390, height: 844 }, isMobile: true });
  const title = page.getByRole('heading', { level: 1 });
  await page.getByText('Autonomous yard of the north').first().waitFor();
  expect(await title.evaluate((each) => each.scrollWidth - each.clientWidth)).toBe(0);
  expect(await title.evaluate((each) => each.scrollHeight - each.clientHeight))
    .toBeLessThanOrEqual(1);
  await keep(page, 'phone-title');
  await close();
  await served.stop();
});
