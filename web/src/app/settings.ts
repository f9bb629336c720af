import { useSyncExternalStore } from 'react';

/** What a person has chosen for this browser. */
export interface Settings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'normal' | 'compact';
  /** 'UTC', or the name of a zone for series with a clock. */
  readonly zone: string;
  /** Whether letters work as keys of the pages (WCAG 2.1.4). */
  readonly keys: boolean;
  readonly motion: 'system' | 'none';
  /** Central intervals in percent that a new forecast shows. */
  readonly intervals: string;
}

const defaults: Settings = { theme: 'system', density: 'normal', zone: 'UTC', keys: true, motion: 'system', intervals: '50,80,95' };
const place = 'forecast.settings';
const listeners = new Set<() => void>();

let current = read();

function read(): Settings {
  let said: unknown;
  try {
    said = JSON.parse(window.localStorage.getItem(place) ?? '{}');
  } catch {
    // A browser that keeps nothing, or something that is not ours: the defaults serve.
    said = {};
  }
  const kept = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>;
  const own = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, typeof kept[name] === typeof value ? kept[name] : value]));
  return own as unknown as Settings;
}

export const settings = (): Settings => current;

export function change(parts: Partial<Settings>): void {
  current = { ...current, ...parts };
  try {
    window.localStorage.setItem(place, JSON.stringify(current));
  } catch {
    // Then the choice lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

export function onSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => { listeners.delete(listener); };
}

export const useSettings = (): Settings => useSyncExternalStore(onSettings, settings);
