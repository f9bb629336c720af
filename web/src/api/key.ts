import { useSyncExternalStore } from 'react';

/** The API key of this tab's person: kept in the browser, sent with every request, shown nowhere. */
const place = 'forecast.key';
const listeners = new Set<() => void>();

interface Access {
  readonly key: string | null;
  /** What the server said when it refused; null while it does not. */
  readonly refusal: string | null;
  /** Grows with every sign-in, so that what was refused is asked for again. */
  readonly turn: number;
}

let access: Access = { key: stored(), refusal: null, turn: 0 };

function stored(): string | null {
  try {
    return window.localStorage.getItem(place);
  } catch {
    return null;
  }
}

function set(next: Access): void {
  access = next;
  for (const listener of listeners) listener();
}

export const currentKey = (): string | null => access.key;

/** Headers that say who asks. */
export const identity = (): Record<string, string> => (access.key === null ? {} : { Authorization: `Bearer ${access.key}` });

export function signIn(key: string): void {
  try {
    window.localStorage.setItem(place, key);
  } catch {
    // Then the key lasts as long as the page.
  }
  set({ key, refusal: null, turn: access.turn + 1 });
}

export function signOut(): void {
  try {
    window.localStorage.removeItem(place);
  } catch {
    // Nothing was kept.
  }
  set({ key: null, refusal: null, turn: access.turn + 1 });
}

/** The server wants a key, or another one. */
export function refused(why: string): void {
  if (access.refusal !== why) set({ ...access, refusal: why });
}

export const useAccess = (): Access => useSyncExternalStore(
  (listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; },
  () => access,
);
