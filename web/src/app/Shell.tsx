import type { ReactElement, ReactNode } from 'react';
import { Link } from './router';

interface Place { readonly href: string; readonly name: string; readonly icon: string; readonly holds: (path: string) => boolean }

const places: readonly Place[] = [
  { href: '/explore', name: 'Explore', icon: 'M2 13l4-5 3 3 5-7M14 4h-3M14 4v3', holds: (path) => path.startsWith('/explore') },
  { href: '/backtests', name: 'Back-tests', icon: 'M2 3h7M2 8h10M2 13h12', holds: (path) => path === '/' || path.startsWith('/backtests') || path.startsWith('/runs') },
];

export function Shell({ path, children }: { path: string; children: ReactNode }): ReactElement {
  return (
    <div className="shell">
      <a className="skip" href="#main">Skip to content</a>
      <nav className="rail" aria-label="Pages">
        <Link className="brand" href="/backtests" aria-label="Forecast, start page">
          <svg viewBox="0 0 24 24" aria-hidden="true"><path className="brand-fan" d="M10 12 22 4v16z" /><path className="brand-line" d="M2 17l4-6 4 1 12 0" /></svg>
          <span>Forecast</span>
        </Link>
        <ul>
          {places.map((p) => (
            <li key={p.href}>
              <Link href={p.href} aria-current={p.holds(path) ? 'page' : undefined}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={p.icon} /></svg>
                <span>{p.name}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="page">
        <main id="main" tabIndex={-1}>{children}</main>
        <footer className="foot"><a href="/third-party-notices.txt">Third-party notices</a></footer>
      </div>
    </div>
  );
}
