import { useSyncExternalStore } from 'react';
import { light, setPalette } from '../charts/palette';
import { dark } from '../charts/palette.dark';

const wish = window.matchMedia('(prefers-color-scheme: dark)');

export type Theme = 'light' | 'dark';

/** The theme that the system asks for; charts drawn after a change take its colours. */
export function useTheme(): Theme {
  return useSyncExternalStore(
    (listener) => {
      wish.addEventListener('change', listener);
      return () => wish.removeEventListener('change', listener);
    },
    () => {
      setPalette(wish.matches ? dark : light);
      return wish.matches ? 'dark' : 'light';
    },
  );
}
