import { useSyncExternalStore } from 'react';
import { light, setPalette } from '../charts/palette';
import { dark } from '../charts/palette.dark';
import { onSettings, settings } from './settings';

const wish = window.matchMedia('(prefers-color-scheme: dark)');

export type Theme = 'light' | 'dark';

function theme(): Theme {
  const { theme: chosen } = settings();
  return chosen === 'system' ? (wish.matches ? 'dark' : 'light') : chosen;
}

/** Writes what was chosen where the styles and the charts look for it. */
export function applySettings(): void {
  const { density, motion } = settings();
  const now = theme();
  setPalette(now === 'dark' ? dark : light);
  Object.assign(document.documentElement.dataset, { theme: now, density, motion });
}

/** The theme that is shown: the one chosen, or the one that the system asks for. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      const heard = (): void => { applySettings(); listener(); };
      wish.addEventListener('change', heard);
      const stop = onSettings(heard);
      return () => { wish.removeEventListener('change', heard); stop(); };
    },
    theme,
  );
}
