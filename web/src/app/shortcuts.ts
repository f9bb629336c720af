import { useEffect } from 'react';
import { places } from './places';
import { navigate } from './router';
import { settings } from './settings';

/** Time in which the second letter of a pair must follow, in milliseconds. */
const patience = 1500;

const typing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName) && !(target instanceof HTMLInputElement && target.type === 'range'));

/** Presses the visible button of a page that names a key as its own. */
function press(key: string): boolean {
  const button = [...document.querySelectorAll<HTMLButtonElement>(`button[data-key="${CSS.escape(key)}"]`)].find((b) => !b.disabled && b.offsetParent !== null);
  button?.click();
  return button !== undefined;
}

/** Moves between the rows of the first list of the page. */
function step(by: number): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + by))];
  (next?.querySelector<HTMLElement>('a, button') ?? next)?.focus();
  return true;
}

/** The keys of all pages: g and a letter, / ? [ ] t j k x. They rest while somebody types, and can be switched off. */
export function useShortcuts(help: () => void, search: () => void): void {
  useEffect(() => {
    let since = -Infinity;
    const onKey = (event: KeyboardEvent): void => {
      if (!settings().keys || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
      const { key } = event;
      const place = performance.now() - since < patience ? places.find((p) => p.key === key) : undefined;
      since = key === 'g' ? performance.now() : -Infinity;
      if (place !== undefined) navigate(place.href);
      else if (key === '/') search();
      else if (key === '?') help();
      else if (key === 'j' || key === 'k') { if (!step(key === 'j' ? 1 : -1)) return; }
      else if (key === 'x') { if (!mark()) return; }
      else if (key === '[' || key === ']' || key === 't') { if (!press(key)) return; }
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [help, search]);
}

/** Ticks the box of the row that has the focus. */
function mark(): boolean {
  const box = document.activeElement?.closest('[data-row]')?.querySelector<HTMLInputElement>('input[type=checkbox]');
  box?.click();
  return box !== null && box !== undefined;
}

export const keyTable: readonly (readonly [keys: string, meaning: string])[] = [
  ...places.map((p) => [`g ${p.key}`, p.name] as const),
  ['/', 'search'],
  ['?', 'this list'],
  ['[ ]', 'fold before, fold after'],
  ['t', 'chart or table'],
  ['j k', 'next and previous row of a list'],
  ['x', 'mark the row, to compare it'],
  ['Esc', 'close'],
  ['← →', 'points of a chart; with Shift ten at a time, Home and End the ends'],
  ['+ − 0', 'zoom of a chart'],
];
