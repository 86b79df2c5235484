// Who looks at the page, and what may be shown to them: nobody in particular where the engine does
// not ask. The engine decides; what would be refused is not offered.

import { includes, type AccessState, type PasswordAge, type Principal, type Role }
  from '../model/access_types';
import * as api from './access_api';
import { Refusal, unknown } from './engine_api';

/// The access token lives for 15 minutes.
const renewedEveryMs = 12 * 60_000;
const lookedAtEveryMs = 30_000;
const retryMs = 1500;
/// When this or another tab has renewed the login last: a refresh token is used once.
const renewedKey = 'busbar.renewed';

class Who {
  state = $state<'reading' | 'open' | 'outside' | 'inside'>('reading');
  principal = $state.raw<Principal | undefined>();
  password = $state.raw<PasswordAge | undefined>();
  hasUsers = $state(true);
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    unknown.told = () => { if (this.state !== 'open') this.leave(); };
  }

  /// Whether the site may be looked at.
  get isIn(): boolean {
    return this.state === 'open'
      || (this.state === 'inside' && !(this.principal?.must_change_password ?? false));
  }
  get mayOrder(): boolean { return this.may('operator'); }
  get mayConfigure(): boolean { return this.may('admin'); }
  get keepsUsers(): boolean {
    return this.state === 'inside' && this.may('admin') && this.principal?.sites === null;
  }

  may(least: Role): boolean {
    if (this.state === 'open') return true;
    return this.principal !== undefined && includes(this.principal.role, least);
  }

  async start(): Promise<void> {
    try {
      this.take(await api.access());
      // A page that was closed for long has a refresh token still.
      if (this.state === 'outside' && this.hasUsers) await this.tryToReturn();
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) this.state = 'open';
      else setTimeout(() => void this.start(), retryMs);
    }
  }

  async logIn(name: string, password: string): Promise<void> {
    await api.logIn(name, password);
    await this.enter();
  }
  async setUp(code: string, name: string, password: string): Promise<void> {
    await api.setUp(code, name, password);
    await this.enter();
  }
  async changePassword(old: string, next: string): Promise<void> {
    await api.changePassword(old, next);
    await this.enter();
  }
  async logOut(): Promise<void> {
    await api.logOut().catch(() => {});
    this.leave();
  }

  private async enter(): Promise<void> {
    localStorage.setItem(renewedKey, String(Date.now()));
    this.take(await api.access());
  }

  private take(found: AccessState): void {
    this.hasUsers = found.has_users;
    this.principal = found.principal ?? undefined;
    this.password = found.password;
    if (!found.enabled) this.state = 'open';
    else this.state = found.principal ? 'inside' : 'outside';
    clearInterval(this.timer);
    if (this.state === 'inside') {
      this.timer = setInterval(() => void this.keepUp(), lookedAtEveryMs);
    }
  }

  private leave(): void {
    clearInterval(this.timer);
    this.principal = undefined;
    this.password = undefined;
    this.state = 'outside';
  }

  private async tryToReturn(): Promise<void> {
    if (localStorage.getItem(renewedKey) === null) return;
    await api.renew().then(() => this.enter(), () => localStorage.removeItem(renewedKey));
  }

  /// One tab renews for all.
  private async keepUp(): Promise<void> {
    const since = Date.now() - Number(localStorage.getItem(renewedKey) ?? 0);
    if (since < renewedEveryMs) return;
    localStorage.setItem(renewedKey, String(Date.now()));
    await api.renew().catch((error: unknown) => {
      if (error instanceof Refusal && error.status === 401) this.leave();
    });
  }
}

export const who = new Who();
