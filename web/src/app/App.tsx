import { lazy, Suspense, type ReactElement } from 'react';
import { useAccess } from '../api/key';
import { Backtests } from '../pages/Backtests';
import { Empty, Skeleton } from '../components/States';
import { useMarked } from './marked';
import { Link, usePath } from './router';
import { Shell } from './Shell';
import { useTitle } from './useTitle';

// The list needs no charts, so it does not wait for them.
const Explore = lazy(async () => ({ default: (await import('../pages/Explore')).Explore }));
const RunPage = lazy(async () => ({ default: (await import('../pages/RunPage')).RunPage }));
const LatestRun = lazy(async () => ({ default: (await import('../pages/LatestRun')).LatestRun }));
const Compare = lazy(async () => ({ default: (await import('../pages/Compare')).Compare }));
const Risk = lazy(async () => ({ default: (await import('../pages/Risk')).Risk }));
const Models = lazy(async () => ({ default: (await import('../pages/Models')).Models }));
const Schedules = lazy(async () => ({ default: (await import('../pages/Schedules')).Schedules }));
const Data = lazy(async () => ({ default: (await import('../pages/Data')).Data }));
const SettingsPage = lazy(async () => ({ default: (await import('../pages/Settings')).SettingsPage }));

export function App(): ReactElement {
  const path = usePath();
  const { turn } = useAccess();
  const marked = useMarked();
  // With another key everything is another's: what was read before is dropped.
  return <Shell path={path} compared={marked.length}><Suspense key={turn} fallback={<Skeleton height={420} />}><Page path={path} /></Suspense></Shell>;
}

function Page({ path }: { path: string }): ReactElement {
  const run = /^\/runs\/([^/]+)\/?$/.exec(path)?.[1];
  if (run !== undefined) return <RunPage key={run} id={decodeURIComponent(run)} />;
  switch (path.replace(/(.)\/$/, '$1')) {
    case '/':
    case '/backtests': return <Backtests />;
    case '/explore': return <Explore />;
    case '/run': return <LatestRun />;
    case '/compare': return <Compare />;
    case '/risk': return <Risk />;
    case '/models': return <Models />;
    case '/schedules': return <Schedules />;
    case '/data': return <Data />;
    case '/settings': return <SettingsPage />;
    default: return <NotFound path={path} />;
  }
}

function NotFound({ path }: { path: string }): ReactElement {
  useTitle('No such page');
  return (
    <Empty title="There is no such page">
      <p>Nothing stands at <code>{path}</code>. <Link href="/backtests">See the back-tests</Link> or <Link href="/explore">forecast a series</Link>.</p>
    </Empty>
  );
}
