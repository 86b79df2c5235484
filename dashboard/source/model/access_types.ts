// Bodies of /api/v1/access, as adapters/http/openapi.json states them.

export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Principal {
  user: string;
  token: string | null;
  role: Role;
  /// Null: all sites.
  sites: string[] | null;
  must_change_password: boolean;
}

export interface PasswordAge {
  changed_at: string;
  expires_at: string;
  is_expiring: boolean;
}

export interface AccessState {
  enabled: boolean;
  has_users: boolean;
  principal: Principal | null;
  password?: PasswordAge;
}

export interface User {
  name: string;
  role: Role;
  sites: string[] | null;
  disabled: boolean;
  made_at: string;
  last_login_at: string | null;
  password: PasswordAge;
}

export interface NewUser {
  name: string;
  password: string;
  role: Role;
  sites: string[] | null;
}

export interface UserChange {
  role?: Role;
  sites?: string[] | null;
  disabled?: boolean;
  password?: string;
}

export interface Token {
  id: string;
  name: string;
  owner: string;
  tail: string;
  role: Role;
  sites: string[] | null;
  made_at: string;
  expires_at: string;
  last_used_at: string | null;
}

export interface NewToken {
  name: string;
  role: Role;
  expires_at: string;
}

/// Whether `granted` may what `least` may.
export function includes(granted: Role, least: Role): boolean {
  return roles.indexOf(granted) >= roles.indexOf(least);
}

/// "garage, depot": the sites of a field; null where it is empty.
export function sitesOf(text: string): string[] | null {
  const names = text.split(',').map((each) => each.trim()).filter((each) => each !== '');
  return names.length === 0 ? null : names;
}

export function sitesText(sites: string[] | null): string {
  return sites === null ? 'all sites' : sites.join(', ');
}
