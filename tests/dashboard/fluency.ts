// How fluid a page is: times between its frames, and how much its thread has to do.

import type { Browser, Page } from 'playwright-core';

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
  const begun = performance.now();
  const worked = await workedSeconds(page, run);
  return worked / ((performance.now() - begun) / 1000);
}

/// Processor time of the page's own thread.
async function workedSeconds(page: Page, run: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map((each) => [each.name, each.value]));
  };
  const before = await read();
  await run();
  const after = await read();
  return (after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0);
}

/// What this machine does, now, with a page on which next to nothing happens.
export interface Machine {
  /// Between its frames; 16.7 with room for 60 a second.
  medianMs: number;
  /// How often longer a fixed piece of work takes than where the limits of the tests were stated; >= 1.
  slowness: number;
}

const workSeconds = 0.4;

export async function machineNow(browser: Browser): Promise<Machine> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const work = () => page.evaluate(() => {
    for (let round = 0; round < 40; ++round) {
      const rows = Array.from({ length: 400 }, (_, place) => ({ place, text: `row ${place}` }));
      document.body.innerHTML = (JSON.parse(JSON.stringify(rows)) as typeof rows)
        .map((each) => `<div><span>${each.text}</span> <b>${each.place * round}</b></div>`).join('');
      document.body.getBoundingClientRect();
    }
    document.body.textContent = 'one word';
  });
  await work();
  const worked = await workedSeconds(page, work);
  const { medianMs } = await fluency(page);
  await page.close();
  return { medianMs: Math.max(1000 / 60, medianMs), slowness: Math.max(1, worked / workSeconds) };
}
