/** The pages, in the order of the rail; the letter is pressed after g. */
export interface Place { readonly href: string; readonly name: string; readonly key: string; readonly icon: string; readonly holds: (path: string) => boolean }

const under = (...heads: readonly string[]) => (path: string): boolean => heads.some((head) => path === head || path.startsWith(`${head}/`));

export const places: readonly Place[] = [
  { href: '/explore', name: 'Explore', key: 'e', icon: 'M2 13l4-5 3 3 5-7M14 4h-3M14 4v3', holds: under('/explore') },
  { href: '/backtests', name: 'Back-tests', key: 'b', icon: 'M2 3h7M2 8h10M2 13h12', holds: (path) => path === '/' || under('/backtests')(path) },
  { href: '/run', name: 'Run', key: 'r', icon: 'M4 2.5l9 5.5-9 5.5z', holds: under('/run', '/runs') },
  { href: '/compare', name: 'Compare', key: 'c', icon: 'M3 14V6M8 14V2M13 14V9', holds: under('/compare') },
  { href: '/risk', name: 'Risk', key: 'k', icon: 'M8 2l6.5 12h-13zM8 6.5v3.5M8 12v.5', holds: under('/risk') },
  { href: '/models', name: 'Models', key: 'm', icon: 'M8 2l6 3-6 3-6-3zM2 8.5l6 3 6-3M2 11.5l6 3 6-3', holds: under('/models') },
  { href: '/schedules', name: 'Schedules', key: 's', icon: 'M8 2a6 6 0 100 12A6 6 0 008 2M8 4.5V8l2.5 2', holds: under('/schedules') },
  { href: '/data', name: 'Data', key: 'd', icon: 'M2.5 4c0-2.5 11-2.5 11 0s-11 2.5-11 0v8c0 2.5 11 2.5 11 0V4M2.5 8c0 2.5 11 2.5 11 0', holds: under('/data') },
  { href: '/settings', name: 'Settings', key: ',', icon: 'M2 4h7M12 4h2M2 12h2M7 12h7M10.5 2.5v3M5.5 10.5v3', holds: under('/settings') },
];
