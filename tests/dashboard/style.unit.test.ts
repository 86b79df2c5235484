// The sources keep to the house's measures (CONTRIBUTING.md), as far as a program can see them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const top = fileURLToPath(new URL('../..', import.meta.url));

function files(folder: string): string[] {
  return readdirSync(join(top, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(top, path)).isDirectory() ? files(path) : [path];
  });
}

const sources = [...files('dashboard/source'), ...files('tests/dashboard')]
  .filter((name) => /\.(ts|svelte|css)$/.test(name));
const lines = sources.flatMap((name) => readFileSync(join(top, name), 'utf8').split('\n')
  .map((text, place) => ({ text, at: `${name}:${place + 1}` })));

it('reads every source of the page', () => expect(sources.length).toBeGreaterThan(40));

it('no line has more than 100 columns, none ends in white space', () => {
  expect(lines.filter(({ text }) => text.length > 100 || text !== text.trimEnd())
    .map(({ at }) => at)).toEqual([]);
});

it('no file has more than 450 lines', () => {
  expect(sources.filter((name) => lines.filter(({ at }) => at.startsWith(`${name}:`)).length > 450))
    .toEqual([]);
});

it('no request may leave the machine: no source names another host', () => {
  const hosts = lines.filter(({ text, at }) =>
    at.startsWith('dashboard') && /https?:\/\/|\/\/[a-z]+\.[a-z]+/.test(text));
  expect(hosts.map(({ at }) => at)).toEqual([]);
});
