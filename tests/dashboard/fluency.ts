// How fluid a page is: times between its frames, and how much its thread has to do, both held to
// what the machine does at the same time.

import type { Browser, Page } from 'playwright-core';

export interface Fluency {
  frames: number;
  medianMs: number;
  worstMs: number;
  elements: number;
}

/// Times between frames over `forMs`, while a list scrolls where there is one: on and on, or
/// again and again through its first `around` px.
function fluency(page: Page, forMs: number, around = Infinity): Promise<Fluency> {
  return page.evaluate(([most, end]) => new Promise<Fluency>((resolve) => {
    const list = document.querySelector('[role="listbox"], [role="table"] .viewport');
    const gaps: number[] = [];
    const begun = performance.now();
    let last = begun;
    const frame = (time: number) => {
      gaps.push(time - last);
      last = time;
      if (list) list.scrollTop = list.scrollTop + 12 < (end ?? 0) ? list.scrollTop + 12 : 0;
      if (time - begun < (most ?? 0)) {
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
  }), [forMs, Math.min(around, 1e9)]);
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

/// What the work of `slowness` takes where the limits of the tests were stated.
const workSeconds = 0.4;

/// How often longer a fixed piece of work takes on this machine; >= 1.
export async function slowness(browser: Browser): Promise<number> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
  const work = () => page.evaluate(() => {
    for (let round = 0; round < 40; ++round) {
      const rows = Array.from({ length: 400 }, (_, place) => ({ place, text: `row ${place}` }));
      document.body.innerHTML = (JSON.parse(JSON.stringify(rows)) as typeof rows)
        .map((each) => `<div><span>${each.text}</span> <b>${each.place * round}</b></div>`)
        .join('');
      document.body.getBoundingClientRect();
    }
  });
  await work();
  const worked = await workedSeconds(page, work);
  await page.close();
  return Math.max(1, worked / workSeconds);
}

/// What a page shows now, without its program: it is drawn as the page is, and does nothing.
async function stillCopy(browser: Browser, of: Page): Promise<Page> {
  const { style, body } = await of.evaluate(() => ({
    style: [...document.styleSheets].flatMap((sheet) =>
      [...sheet.cssRules].map((rule) => rule.cssText)).join('\n'),
    body: document.body.outerHTML,
  }));
  const page = await browser.newPage({ viewport: of.viewportSize(), reducedMotion: 'reduce' });
  await page.setContent(`<style>${style}</style>${body.replaceAll(/<script[^]*?<\/script>/g, '')}`);
  return page;
}

export interface Compared extends Fluency {
  /// Between the frames of a copy that does nothing; 16.7 with room for 60 a second.
  stillMs: number;
  busyShare: number;
}

/// For how long a machine is waited for that has room for the page's frames.
const roomWithinMs = 240_000;

/// A page beside its still copy. Programs beside both may take the processor from one of them
/// alone: it is the first comparison with half of the copy's frames, or the last.
export async function fluencyBesideCopy(browser: Browser, page: Page): Promise<Compared> {
  for (const begun = performance.now(); ;) {
    let found: Fluency | undefined;
    const busy = await busyShare(page, async () => { found = await fluency(page, 10_000); });
    const copy = await stillCopy(browser, page);
    const still = await fluency(copy, 5_000, 400);
    await copy.close();
    if (!found) throw new Error('it has run');
    const stillMs = Math.max(1000 / 60, still.medianMs);
    const isOver = performance.now() - begun > roomWithinMs;
    if (found.medianMs < halfTheFrames(stillMs) || isOver) {
      return { ...found, stillMs, busyShare: busy };
    }
  }
}

/// A median above it is less than half of the frames of one with `medianMs`.
export function halfTheFrames(medianMs: number): number {
  return 2.04 * medianMs;
}
