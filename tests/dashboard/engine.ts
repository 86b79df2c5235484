// The engine that the tests look at: the fixture, or with BUSBAR_PAGE_ENGINE=demo the real one,
// `busbar demo`. It may be stopped and started again on the same port.

import { spawn, type ChildProcess } from 'node:child_process';
import { FixtureServer } from './fixture_server';
import { FixtureSite } from './fixture_site';

export interface Engine {
  readonly address: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export const isDemo = process.env['BUSBAR_PAGE_ENGINE'] === 'demo';

export function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run these tests by ctest`);
  return value;
}

export function fixture(stations = 10, feeders = 3): FixtureServer {
  return new FixtureServer(new FixtureSite(stations, feeders), required('BUSBAR_DIST'));
}

const startMostMs = 20_000;

class DemoEngine implements Engine {
  address = '';
  private process: ChildProcess | undefined;

  start(): Promise<void> {
    const port = this.address === '' ? '0' : new URL(this.address).port;
    const process = spawn(required('BUSBAR_BINARY'), ['demo', '--port', port],
      { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process = process;
    return new Promise((resolve, reject) => {
      let said = '';
      const deadline = setTimeout(() => reject(new Error(`no address in: ${said}`)), startMostMs);
      const read = (part: Buffer) => {
        said += part.toString();
        const found = /http:\/\/[\w.]+:\d+/.exec(said);
        if (!found) return;
        clearTimeout(deadline);
        this.address = found[0];
        resolve();
      };
      process.stdout.on('data', read);
      process.stderr.on('data', read);
      process.on('exit', (code) => {
        clearTimeout(deadline);
        reject(new Error(`busbar demo ended with ${code}: ${said}`));
      });
    });
  }

  async stop(): Promise<void> {
    const process = this.process;
    if (!process || process.exitCode !== null) return;
    process.removeAllListeners('exit');
    const ended = new Promise((resolve) => process.once('exit', resolve));
    process.kill('SIGTERM');
    const hard = setTimeout(() => process.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(hard);
  }
}

export function engine(): Engine {
  return isDemo ? new DemoEngine() : fixture();
}
