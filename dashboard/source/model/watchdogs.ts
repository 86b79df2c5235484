// What the list of watchdogs shows of an actor: its own deadline and that of its input.
import type { Watchdog, WatchedInput } from './api_supervision';
import { duration } from './format';

/** "answer every 5 s". */
export function watched(each: Watchdog | WatchedInput): string {
  const every = each.every_us < 1_000_000
    ? `${each.every_us / 1000} ms` : duration(each.every_us / 1_000_000);
  return `${each.expects} every ${every}`;
}

/** "answer every 5 s · reading every 10 s". */
export function watchedTogether(each: Watchdog): string {
  return each.input ? `${watched(each)} · ${watched(each.input)}` : watched(each);
}

export function isOverdue(each: Watchdog): boolean {
  return each.is_overdue || each.input?.is_overdue === true;
}

/** Names what is overdue: the actor itself, or what it waits for. */
export function overdueText(each: Watchdog): string {
  if (each.is_overdue) return 'Overdue';
  return each.input?.is_overdue ? `No ${each.input.expects}` : 'In time';
}
