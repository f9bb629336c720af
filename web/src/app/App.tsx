import { lazy, Suspense, type ReactElement } from 'react';
import { Backtests } from '../pages/Backtests';
import { Empty, Skeleton } from '../components/States';
import { Link, usePath } from './router';
import { Shell } from './Shell';
import { useTitle } from './useTitle';

// The list needs no charts, so it does not wait for them.
const Explore = lazy(async () => ({ default: (await import('../pages/Explore')).Explore }));
const RunPage = lazy(async () => ({ default: (await import('../pages/RunPage')).RunPage }));

export function App(): ReactElement {
  const path = usePath();
  return <Shell path={path}><Suspense fallback={<Skeleton height={420} />}><Page path={path} /></Suspense></Shell>;
}

function Page({ path }: { path: string }): ReactElement {
  const run = /^\/runs\/([^/]+)\/?$/.exec(path)?.[1];
  if (run !== undefined) return <RunPage key={run} id={decodeURIComponent(run)} />;
  if (path === '/' || path === '/backtests') return <Backtests />;
  if (path === '/explore') return <Explore />;
  return <NotFound path={path} />;
}

function NotFound({ path }: { path: string }): ReactElement {
  useTitle('No such page');
  return (
    <Empty title="There is no such page">
      <p>Nothing stands at <code>{path}</code>. <Link href="/backtests">See the back-tests</Link> or <Link href="/explore">forecast a series</Link>.</p>
    </Empty>
  );
}
