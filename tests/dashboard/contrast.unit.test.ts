// Text is readable by day and at night: WCAG 2.2 AA asks for a contrast of at least 4.5.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const styles = readFileSync(
  fileURLToPath(new URL('../../dashboard/source/styles.css', import.meta.url)), 'utf8');

function coloursOf(selector: string): Map<string, string> {
  const block = styles.slice(styles.indexOf(`${selector} {`));
  const inside = block.slice(0, block.indexOf('\n}'));
  return new Map([...inside.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)]
    .map((found) => [found[1] ?? '', found[2] ?? '']));
}

function luminance(hex: string): number {
  const parts = [1, 3, 5].map((from) => parseInt(hex.slice(from, from + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (parts[0] ?? 0) + 0.7152 * (parts[1] ?? 0) + 0.0722 * (parts[2] ?? 0);
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

const tones = ['supplying', 'activated', 'disconnected', 'faulted', 'unavailable', 'stale', 'full'];
const pairs: [string, string][] = [
  ...['ink', 'ink-soft', 'ink-faint', 'full', 'over', 'accent', 'stale']
    .map((text): [string, string] => [text, 'surface']),
  ['ink', 'ground'], ['ink-soft', 'raised'], ['ink-faint', 'raised'], ['ink', 'accent-soft'],
  ['accent-ink', 'accent'],
  ...tones.map((tone): [string, string] => [tone, `${tone}-soft`]),
];

describe.each([['day', ':root'], ['night', ":root[data-theme='dark']"]])('by %s', (_, selector) => {
  const colours = coloursOf(selector);
  it.each(pairs)('%s can be read on %s', (text, ground) => {
    const found = contrast(colours.get(text) ?? '', colours.get(ground) ?? '');
    expect(found).toBeGreaterThanOrEqual(4.5);
  });
});
