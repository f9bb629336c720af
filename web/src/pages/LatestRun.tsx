import { useEffect, type ReactElement } from 'react';
import { api } from '../api/client';
import { Link, navigate } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { Empty, Problem, Skeleton } from '../components/States';

const place = 'forecast.run';

/** Keeps which run was looked at last. */
export function remember(id: string): void {
  try {
    window.sessionStorage.setItem(place, id);
  } catch {
    // Then the newest run is shown.
  }
}

/** Leads to the run that was looked at last, or to the newest that is finished. */
export function LatestRun(): ReactElement {
  useTitle('Run');
  const runs = useResource('latest', (signal) => api.runs({ signal }));
  const items = runs.data?.items ?? [];
  const last = window.sessionStorage.getItem(place);
  const target = items.find((r) => r.id === last) ?? items.find((r) => r.status === 'finished') ?? items[0];
  useEffect(() => { if (target !== undefined) navigate(`/runs/${encodeURIComponent(target.id)}`, true); }, [target]);
  if (runs.error !== undefined) return <Problem error={runs.error} what="The list of runs could not be read." retry={runs.reload} />;
  if (runs.data === undefined || target !== undefined) return <Skeleton height={420} />;
  return (
    <Empty title="No run yet">
      <p>A run shows how well models would have done, and where. The sample takes a few seconds.</p>
      <p><Link className="button primary" href="/backtests?new=1&data=air_passengers">Back-test a sample</Link></p>
    </Empty>
  );
}
