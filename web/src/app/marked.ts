import { useSyncExternalStore } from 'react';

/** What is marked to be compared: RUN/MODEL, in the order marked; the first is the baseline. Kept as long as the tab. */
const place = 'forecast.compare';

export const mostMarked = 6;

const listeners = new Set<() => void>();
let marked: readonly string[] = stored();

function stored(): readonly string[] {
  try {
    const said: unknown = JSON.parse(window.sessionStorage.getItem(place) ?? '[]');
    return Array.isArray(said) ? said.filter((entry): entry is string => typeof entry === 'string').slice(0, mostMarked) : [];
  } catch {
    return [];
  }
}

export function mark(entries: readonly string[]): void {
  marked = [...new Set(entries)].slice(0, mostMarked);
  try {
    window.sessionStorage.setItem(place, JSON.stringify(marked));
  } catch {
    // Then the marks last as long as the page.
  }
  for (const listener of listeners) listener();
}

export const toggleMark = (entry: string): void => mark(marked.includes(entry) ? marked.filter((e) => e !== entry) : [...marked, entry]);

export const useMarked = (): readonly string[] => useSyncExternalStore(
  (listener) => { listeners.add(listener); return () => { listeners.delete(listener); }; },
  () => marked,
);
