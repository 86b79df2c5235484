// The engine that the tests look at: the fixture, or with BUSBAR_PAGE_ENGINE=demo the real one,
// `busbar demo`. It may be stopped and started again on the same port.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

export function fixture(
  stations = 10, feeders = 3, others: FixtureSite[] = [],
): FixtureServer {
  return new FixtureServer(new FixtureSite(stations, feeders), required('BUSBAR_DIST'), others);
}

const startMostMs = 90_000;

class DemoEngine implements Engine {
  address = '';
  private process: ChildProcess | undefined;

  constructor(private readonly site: string, private readonly options: string[]) {}

  start(): Promise<void> {
    const port = this.address === '' ? '0' : new URL(this.address).port;
    const process = spawn(required('BUSBAR_BINARY'), ['demo', '--port', port,
      ...(this.site === '' ? [] : ['--site', this.site]), ...this.options],
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

/// A site's file that a test may change under a running engine.
export interface SiteFile {
  /// Of the demo; empty: the engine's own.
  readonly path: string;
  /// Makes it one that no engine takes.
  spoil(served: Engine): void;
  /// Makes it one that differs from the first by its policy: "priority" in place of "equal".
  change(served: Engine): void;
  remove(): void;
}

class FixtureFile implements SiteFile {
  readonly path = '';
  spoil(served: Engine): void {
    (served as FixtureServer).reloadRefusal = 'garage.toml:3:1: colour: no such field';
  }
  change(served: Engine): void {
    (served as FixtureServer).reloadRefusal = '';
  }
  remove(): void {}
}

class DemoFile implements SiteFile {
  private readonly folder = mkdtempSync(join(tmpdir(), 'busbar-site-'));
  readonly path = join(this.folder, 'yard.toml');
  private readonly first =
    readFileSync(join(required('BUSBAR_PROJECT'), 'examples/autonomous.toml'), 'utf8');

  constructor() {
    writeFileSync(this.path, this.first);
  }
  spoil(): void {
    writeFileSync(this.path, `${this.first}\ncolour = "red"\n`);
  }
  change(): void {
    writeFileSync(this.path, this.first.replace('policy = "equal"', 'policy = "priority"'));
  }
  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function siteFile(): SiteFile {
  return isDemo ? new DemoFile() : new FixtureFile();
}

/// `options`: further ones of `busbar demo`.
export function engine(site?: SiteFile, options: string[] = []): Engine {
  if (isDemo) return new DemoEngine(site?.path ?? '', options);
  const garage = new FixtureSite(10, 3);
  garage.sessionsLast = true;
  return new FixtureServer(garage, required('BUSBAR_DIST'));
}
