import { useCallback, useEffect, useState, type ReactElement, type ReactNode } from 'react';
import { pages } from '../api/pages';
import { useAccess } from '../api/key';
import { Dialog } from './Dialog';
import { places } from './places';
import { Link } from './router';
import { Search } from './Search';
import { change, useSettings } from './settings';
import { keyTable, useShortcuts } from './shortcuts';
import { SignIn } from './SignIn';
import { useTheme } from './theme';
import { zones } from './zone';

const searchId = 'search';

/** The rail, the bar above, and the page. */
export function Shell({ path, compared, children }: { path: string; compared: number; children: ReactNode }): ReactElement {
  const [helping, setHelping] = useState(false);
  const help = useCallback(() => setHelping(true), []);
  const search = useCallback(() => document.getElementById(searchId)?.focus(), []);
  useShortcuts(help, search);
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
              <Link href={p.href} title={`${p.name}, keys g ${p.key}`} aria-current={p.holds(path) ? 'page' : undefined}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={p.icon} /></svg>
                <span>{p.name}{p.href === '/compare' && compared > 0 ? ` (${compared})` : ''}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="page">
        <Bar path={path} help={help} />
        <main id="main" tabIndex={-1}><SignIn />{children}</main>
        <footer className="foot"><a href="/third-party-notices.txt">Third-party notices</a></footer>
      </div>
      {helping && (
        <Dialog title="Keys" onClose={() => setHelping(false)}>
          <dl className="keys">{keyTable.map(([keys, meaning]) => <div key={keys}><dt><kbd>{keys}</kbd></dt><dd>{meaning}</dd></div>)}</dl>
          <p className="hint">Letters can be switched off in <Link href="/settings" onClick={() => setHelping(false)}>Settings</Link>.</p>
        </Dialog>
      )}
    </div>
  );
}

function Bar({ path, help }: { path: string; help: () => void }): ReactElement {
  const { zone, theme } = useSettings();
  const shown = useTheme();
  const here = places.find((p) => p.holds(path));
  const dark = shown === 'dark';
  return (
    <header className="bar">
      <p className="here">{here?.name ?? ''}</p>
      <Search inputId={searchId} />
      <Going path={path} />
      <select aria-label="Time zone" title="Zone of series with a clock; dates without one stay as they are" value={zone} onChange={(e) => change({ zone: e.target.value })}>
        {zones(zone).map((z) => <option key={z}>{z}</option>)}
      </select>
      <button type="button" className="quiet" aria-label={dark ? 'Light colours' : 'Dark colours'} title={theme === 'system' ? 'As the system; press for the other' : 'Press for the other'} onClick={() => change({ theme: dark ? 'light' : 'dark' })}>
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d={dark ? 'M8 4.5a3.5 3.5 0 110 7 3.5 3.5 0 010-7M8 0v2M8 14v2M0 8h2M14 8h2M2.5 2.5l1.4 1.4M12.1 12.1l1.4 1.4M13.5 2.5l-1.4 1.4M3.9 12.1l-1.4 1.4' : 'M13.5 10A6 6 0 016 2.5a6 6 0 107.5 7.5z'} fill="none" stroke="currentColor" strokeWidth="1.5" /></svg>
      </button>
      <button type="button" className="quiet" aria-label="Keys" title="Keys, ?" onClick={help}>?</button>
    </header>
  );
}

const pause = 5000;

/** How many jobs go on, wherever they were started. */
function Going({ path }: { path: string }): ReactElement {
  const [count, setCount] = useState<number | null>(null);
  const { refusal, turn } = useAccess();
  useEffect(() => {
    if (refusal !== null) return undefined;
    const control = new AbortController();
    const look = (): void => {
      if (!document.hidden) pages.going(control).then((jobs) => setCount(jobs.length), () => { if (!control.signal.aborted) setCount(null); });
    };
    look();
    const timer = setInterval(look, pause);
    return () => {
      control.abort();
      clearInterval(timer);
    };
  }, [path, refusal, turn]);
  // What is read begins with what is seen.
  return <Link className="going" href="/backtests?status=active" aria-label={count === null ? 'Jobs' : `${count} ${count === 1 ? 'job' : 'jobs'} going on`}><span aria-hidden="true">{count === null ? '–' : count > 0 ? '▸' : '○'}</span> {count ?? ''} <span className="going-word">{count === 1 ? 'job' : 'jobs'}</span></Link>;
}
