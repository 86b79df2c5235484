// How fluid a page is: times between its frames, and how much its thread has to do.

import type { Page } from 'playwright-core';

export interface Fluency {
  frames: number;
  medianMs: number;
  worstMs: number;
  elements: number;
}

/// Times between frames over ten seconds, while a list scrolls where there is one.
export function fluency(page: Page): Promise<Fluency> {
  return page.evaluate(() => new Promise<Fluency>((resolve) => {
    const list = document.querySelector('[role="listbox"], [role="table"] .viewport');
    const gaps: number[] = [];
    const begun = performance.now();
    let last = begun;
    const frame = (time: number) => {
      gaps.push(time - last);
      last = time;
      if (list) list.scrollTop += 12;
      if (time - begun < 10_000) {
        requestAnimationFrame(frame);
        return;
      }
      gaps.sort((a, b) => a - b);
      resolve({
        frames: gaps.length, medianMs: gaps[Math.floor(gaps.length / 2)] ?? 0,
        worstMs: gaps.at(-1) ?? 0, elements: document.querySelectorAll('*').length,
      });
    };
    requestAnimationFrame(frame);
  }));
}

/// Time that the page's own thread worked, as a share of the time that went by.
export async function busyShare(page: Page, run: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map((each) => [each.name, each.value]));
  };
  const before = await read();
  const begun = performance.now();
  await run();
  const after = await read();
  const worked = (after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0);
  return worked / ((performance.now() - begun) / 1000);
}
