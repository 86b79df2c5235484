// Drivers, breakers, watchdogs and health checks, as adapters/http/openapi.json has them.

export interface Driver {
  driver: string;
  state: string;
  site: string;
  station: string;
  since: string;
  accepted: number;
  denied: number;
  completed: number;
}

export interface Breaker {
  site: string;
  actor: string;
  guards: string;
  position: 'closed' | 'open' | 'half-open' | 'unspecified';
  /// The same in other words.
  state: 'CLOSED' | 'OPEN' | 'HALF_OPEN' | 'UNSPECIFIED';
  failures: number;
  calls: number;
  times_opened: number;
  /** Null: it never moved. */
  changed_at: string | null;
}

/** What an actor waits for from outside itself. */
export interface WatchedInput {
  expects: string;
  every_us: number;
  /** Null: it never came. */
  last_seen: string | null;
  is_overdue: boolean;
}

export interface Watchdog {
  site: string;
  actor: string;
  /** What the actor itself must do for its parent. */
  expects: string;
  every_us: number;
  last_seen: string;
  is_overdue: boolean;
  restarts: number;
  input: WatchedInput | null;
}

export interface HealthCheck {
  name: string;
  is_critical: boolean;
  is_passing: boolean;
  message: string;
  took_us: number;
}

export interface Heartbeat {
  at: string;
  journal_end: number;
  /// Names of the critical health checks that fail.
  failing: string[];
}

export interface Health {
  status: 'healthy' | 'degraded' | 'unhealthy';
  checks: HealthCheck[];
}
