// Questions about who may use the engine. The page's tokens are cookies that no script sees.

import type { AccessState, NewToken, NewUser, Token, User, UserChange }
  from '../model/access_types';
import { read, readAll, send } from './engine_api';

const at = (resource: string): string => `/api/v1/access/${resource}`;

export const access = (): Promise<AccessState> => read('/api/v1/access');
export const logIn = (name: string, password: string): Promise<void> =>
  send('POST', at('login'), { name, password, cookie: true });
export const setUp = (code: string, name: string, password: string): Promise<void> =>
  send('POST', at('set-up'), { code, name, password, cookie: true });
export const renew = (): Promise<void> => send('POST', at('refresh'));
export const logOut = (): Promise<void> => send('POST', at('logout'));
export const changePassword = (old: string, next: string): Promise<void> =>
  send('POST', at('password'), { old_password: old, new_password: next, cookie: true });

const userAt = (name: string): string => at(`users/${encodeURIComponent(name)}`);
export const users = (): Promise<User[]> => readAll(at('users'));
export const addUser = (user: NewUser): Promise<void> => send('POST', at('users'), user);
export const changeUser = (name: string, change: UserChange): Promise<void> =>
  send('PATCH', userAt(name), change);
export const removeUser = (name: string): Promise<void> => send('DELETE', userAt(name));

export const tokens = (): Promise<Token[]> => readAll(at('tokens'));
export const addToken = (token: NewToken): Promise<{ token: string; about: Token }> =>
  send('POST', at('tokens'), token);
export const removeToken = (id: string): Promise<void> =>
  send('DELETE', at(`tokens/${encodeURIComponent(id)}`));
