// What axe-core complains about on a page.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(
  createRequire(`${process.cwd()}/package.json`).resolve('axe-core/axe.min.js'), 'utf8');

/// "color-contrast: .chosen > .count", one for each kind and place.
export async function complaints(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const found = await (window as unknown as {
      axe: { run: (where: Document) => Promise<{
        violations: { id: string; nodes: { target: string[] }[] }[];
      }> };
    }).axe.run(document);
    return found.violations.flatMap((each) =>
      each.nodes.map((node) => `${each.id}: ${node.target.join(' ')}`));
  });
}
