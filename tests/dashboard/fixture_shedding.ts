// How a fixture's site sheds load, and what it falls back to.

import type { FixtureSite } from './fixture_site';

const texts = ['nothing is shed', 'priority 3 and below is reduced by 20 %',
  'priority 5 and below is reduced by 40 %', 'every station is reduced by 50 %',
  'priority 5 and below is stopped, the others keep what they have',
  'all but priorities 9 and 10 are stopped, those keep what they have'];

export function loadSheddingOf(site: FixtureSite): object {
  return {
    site: site.site, at: site.at, ...site.shedding,
    settings: {
      enabled: true, rise_permille: 950, fall_permille: 850, unexplained_permille: 50,
      dwell_up_s: 2, dwell_down_s: 30,
    },
    levels: texts.map((text, level) => ({
      level, text, kept_permille: Array<number>(10).fill(1000 - 100 * level),
    })),
  };
}

export function failSafeOf(site: FixtureSite): object {
  return {
    items: [], state: 'normal', active: false, site: site.site, mode: site.mode,
    mode_because: '', when_stale: 'exclude',
    stale_after_s: 30, hold_max_s: 120, cycles_max: 5, cold_start: 'hold-last', lease_s: 60,
    stale_connectors: 0, stale_meters: 0, connectors_in_fallback: 0,
    fallbacks: { maintain: 0, reduce: site.stationCount, stop: 0 },
    total: site.stationCount, next: '1',
  };
}
