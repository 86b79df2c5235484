// Engine nodes that share the sites: what each holds, one emptied and put back.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { complaints } from './axe';
import { keep, launch, visit } from './browser';
import { fixture } from './engine';
import { FixtureSite } from './fixture_site';
import { followed } from './open_page';

const others = ['depot', 'yard'].map((id) => new FixtureSite(4, 1, id, id));
const served = fixture(10, 3, others);
let browser: Browser;

beforeAll(async () => {
  for (const each of others) each.owner = 'engine-2';
  await served.start();
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await served.stop();
});

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

it('shows each node, empties one and puts it back', async () => {
  const { page, close, errors } = await visit(browser, served.address, {}, '');
  const node = (name: string) => page.locator(`[data-test="nodes"] [data-node="${name}"]`);
  await node('engine-1').getByText('this one, 1 site').waitFor();
  await node('engine-2').getByText('2 sites').waitFor();
  await keep(page, 'nodes');
  await page.getByRole('button', { name: 'Drain engine-2' }).click();
  await page.getByText('engine-2 hands its sites to the others').waitFor();
  await node('engine-2').getByText('holds no site').waitFor(followed);
  await node('engine-1').getByText('this one, 3 sites').waitFor(followed);
  await page.getByRole('button', { name: 'Put back engine-2' }).click();
  await node('engine-2').getByText('2 sites').waitFor(followed);
  expect(errors).toEqual([]);
  await close();
});

it.each([['day', {}], ['night', { colorScheme: 'dark' as const }], ['phone', phone]])(
  'can be read by %s', async (name, options) => {
    const { page, close } = await visit(browser, served.address, options, '');
    await page.locator('[data-test="nodes"] [data-node="engine-2"]').waitFor();
    expect(await complaints(page)).toEqual([]);
    await keep(page, `nodes-${name}`);
    await close();
  });
