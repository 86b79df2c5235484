// The fixture speaks the engine's contract: what it answers is held to adapters/http/openapi.json,
// so that a page that works with it works with the engine.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FixtureServer } from './fixture_server';
import { FixtureSite } from './fixture_site';
import { required } from './engine';

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
}

const text = readFileSync(join(required('BUSBAR_PROJECT'), 'adapters/http/openapi.json'), 'utf8');
const api = JSON.parse(text) as OpenApi;
const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
ajv.addSchema(JSON.parse(text.replaceAll('"#/components', '"openapi#/components')), 'openapi');
const served = new FixtureServer(new FixtureSite(10, 3), '');

beforeAll(() => served.start());
afterAll(() => served.stop());

function faultsOf(schema: object | string, answer: unknown): string[] {
  const absolute = typeof schema === 'string' ? { $ref: `openapi#/components/schemas/${schema}` }
    : JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"openapi#/components'));
  const check = ajv.compile(absolute);
  check(answer);
  return (check.errors ?? []).map((each) =>
    `${each.instancePath} ${each.message} ${JSON.stringify(each.params)}`);
}

describe('what the fixture answers is what openapi.json promises', () => {
  it.each([
    ['/api/v1/sites', '/api/v1/sites'], ['/api/v1/sites/{site}', '/api/v1/sites/garage'],
    ['/api/v1/stations', '/api/v1/stations?site=garage'],
    ['/api/v1/sessions', '/api/v1/sessions?state=completed'],
    ['/api/v1/sessions', '/api/v1/sessions?state=denied'],
    ['/api/v1/drivers', '/api/v1/drivers'], ['/api/v1/events', '/api/v1/events'],
    ['/api/v1/circuit-breakers', '/api/v1/circuit-breakers'],
    ['/api/v1/watchdogs', '/api/v1/watchdogs'], ['/health', '/health'],
    ['/api/v1/cluster', '/api/v1/cluster'],
    ['/api/v1/sites/{site}/load-shedding', '/api/v1/sites/garage/load-shedding'],
    ['/api/v1/stations/{station}/charging-profiles',
      '/api/v1/stations/CP-001/charging-profiles?site=garage'],
    ['/api/v1/sites/{site}/fail-safe', '/api/v1/sites/garage/fail-safe'],
  ])('GET %s', async (path, address) => {
    const content = api.paths[path]?.['get']?.responses['200']?.content;
    const schema = content?.['application/json']?.schema;
    const answer = await (await fetch(served.address + address)).json();
    expect(faultsOf(schema ?? { not: {} }, answer)).toEqual([]);
  });

  it('POST /api/v1/faults', async () => {
    const body = { site: 'garage', station: 'CP-001', kind: 'silence' };
    expect(faultsOf('fault', body)).toEqual([]);
    const answer = await fetch(`${served.address}/api/v1/faults`,
      { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(202);
    expect(faultsOf('fault_receipt', await answer.json())).toEqual([]);
  });

  it('a snapshot of the stream with limits set live', () => {
    const limit = { node: 't1', limit_ma: 200_000 };
    const current = { l1_ma: 9000, l2_ma: 9000, l3_ma: 9000, duration_s: 60 };
    expect(faultsOf('constraint_order', limit)).toEqual([]);
    expect(faultsOf('phase_currents_order', current)).toEqual([]);
    served.site.limitNode(limit);
    served.site.limitConnector('CP-001', current);
    const snapshot = served.site.snapshot(1);
    expect(snapshot.constraints.length).toBe(1);
    expect(faultsOf('stream_site', snapshot)).toEqual([]);
  });

  it('a snapshot of the stream', () => {
    served.site.violations = [{
      subject: 'f1', what: 'current', severity: 'critical', since: served.site.at, measured: 2,
      allowed: 1, unit: 'ma',
    }];
    expect(faultsOf('stream_site', served.site.snapshot(1))).toEqual([]);
    expect(faultsOf('stream_site', { ...served.site.snapshot(1), extra: 1 })).not.toEqual([]);
  });
});
