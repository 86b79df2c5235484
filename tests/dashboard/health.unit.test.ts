// What the page says of critical health checks that fail.

import { expect, it } from 'vitest';
import { failureWords } from '../../dashboard/source/model/health';

it('says nothing where every critical check passes', () => {
  expect(failureWords([])).toBe('');
});

it('names what is away, and how many more checks fail', () => {
  expect(failureWords(['log'])).toBe('Log away');
  expect(failureWords(['log', 'telemetry'])).toBe('Log away (+1)');
});

it('names a check that an adapter has registered by its name', () => {
  expect(failureWords(['fleet'])).toBe('Not ready: fleet');
});
