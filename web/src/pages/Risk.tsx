import type { ReactElement } from 'react';
import { api } from '../api/client';
import { pages } from '../api/pages';
import type { Run } from '../api/types';
import { Link, useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { Empty, Problem, Skeleton } from '../components/States';
import { stamp } from '../format/times';
import { ReportPart } from '../run/ReportPart';

const parts = ['risk', 'exceedances', 'strategies'] as const;

/** A daily series whose returns have tails, with what the form needs to record them. */
const sample = '/backtests?new=1&data=ecb_reference_rates&returns=log&h=1&risk=0.01&models=naive, garch(1,1)-t&from=2015-01-05&to=2018-12-31&refit=every:21&strategy=long-short';

const tailed = (run: Run): boolean => (run.risk ?? []).length > 0;

/** Does the tail hold: VaR and ES against what came, and what trading on the forecasts would have earned. */
export function Risk(): ReactElement {
  useTitle('Risk');
  const query = useQuery();
  const runs = useResource('runs/risk', (signal) => api.runs({ signal }));
  const finished = (runs.data?.items ?? []).filter((run) => run.status === 'finished');
  const listed = [...finished.filter(tailed), ...finished.filter((run) => !tailed(run))];
  const run = listed.find((r) => r.id === query.get('run')) ?? listed.find(tailed);
  const found = useResource(run === undefined ? null : `risk/${run.id}`, (signal) => pages.parts(run?.id ?? '', parts, { signal }));
  const shown = parts.flatMap((id) => found.data?.filter((p) => p.id === id) ?? []);
  return (
    <>
      <header className="head">
        <div><h1>Risk</h1><p>Losses are positive: a VaR of 2 means that a loss beyond 2 was stated to be as rare as the tail says.</p></div>
        {run !== undefined && <Link className="button" href={`/runs/${encodeURIComponent(run.id)}`}>The run</Link>}
      </header>
      {runs.error !== undefined && <Problem error={runs.error} what="The list of runs could not be read." retry={runs.reload} />}
      {runs.data === undefined && runs.error === undefined && <Skeleton height={420} />}
      {runs.data !== undefined && run === undefined && (
        <Empty title="No run has recorded risk tails">
          <p>A back-test of returns with the tails 0.01 or 0.025 records VaR and expected shortfall, and tests them.</p>
          <p className="buttons"><Link className="button primary" href={sample}>Back-test a sample</Link></p>
        </Empty>
      )}
      {run !== undefined && (
        <section className="panel" aria-label="Choice">
          <div className="toolbar">
            <label>Run <select value={run.id} onChange={(e) => query.set({ run: e.target.value })}>
              {listed.map((r) => <option key={r.id} value={r.id}>{r.data}, {stamp(r.createdAt)}{tailed(r) ? '' : ', no tails'}</option>)}
            </select></label>
            <span className="muted">{run.models.join(', ')}{tailed(run) ? `; tails ${(run.risk ?? []).join(', ')}` : '; this run recorded no tails'}</span>
          </div>
        </section>
      )}
      {found.error !== undefined && <Problem error={found.error} what="The risk of the run could not be read." retry={found.reload} />}
      {run !== undefined && found.data === undefined && found.error === undefined && <Skeleton height={420} />}
      {shown.filter((p) => typeof p.absence !== 'string').map((part) => <ReportPart key={part.id} part={part} />)}
      {shown.some((p) => typeof p.absence === 'string') && (
        <section className="panel pad" aria-label="Not shown"><ul>{shown.filter((p) => typeof p.absence === 'string').map((p) => <li key={p.id} className="muted"><b>{p.title}</b>: {p.absence}</li>)}</ul></section>
      )}
    </>
  );
}
