import { useEffect, useState, type ReactElement } from 'react';
import { api } from '../api/client';
import { ended } from '../api/jobEvents';
import type { Job, Run } from '../api/types';
import { Link, useQuery } from '../app/router';
import { useJob } from '../app/useJob';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { Progress, Status } from '../components/Badges';
import { Empty, Problem, Skeleton } from '../components/States';
import { duration, stamp } from '../format/times';
import { ReportLink } from '../run/ReportLink';
import { BacktestForm } from './BacktestForm';

const active = (run: Run): boolean => run.status === 'created' || run.status === 'running';

/** The form's parts of the address, taken out. */
const blank = Object.fromEntries(['new', 'data', 'series', 'models', 'h', 'refit', 'from', 'to', 'returns', 'risk', 'strategy'].map((name) => [name, null]));

/** A browser keeps few connections to one server: so many jobs are followed event by event, the rest by reading the list again. */
const followed = 3;

/** The list of runs. What is going on moves by itself. */
export function Backtests(): ReactElement {
  useTitle('Back-tests');
  const query = useQuery();
  const runs = useResource('runs', (signal) => Promise.all([api.runs({ signal }), api.jobs({ signal })]), true);
  const [page, jobs] = runs.data ?? [undefined, undefined];
  const items = page?.items ?? [];
  const jobOf = (run: Run): Job | null => jobs?.find((job) => job.runId === run.id) ?? null;
  const starting = query.get('job');
  const seen = jobs?.find((job) => job.id === starting);
  const waiting = (jobs ?? []).filter((job) => !ended(job.state) && !items.some((run) => run.id === job.runId)).map((job) => job.id);
  // The job that this page has just started is shown even before the list knows it, and after it failed to start.
  const mine = starting !== null && (seen === undefined || (seen.runId ?? null) === null) && !waiting.includes(starting) ? [starting] : [];
  const unseen = [...mine, ...waiting].slice(0, followed);
  const filter = query.get('status') ?? 'all';
  const shown = items.filter((run) => filter === 'all' || (filter === 'active' ? active(run) : run.status === filter));
  useRereading(runs.reload, items.some(active) || unseen.length > 0 ? 3000 : 15_000);

  return (
    <>
      <header className="head">
        <div><h1>Back-tests</h1><p>Models trained and judged step by step through time, none of them past its cutoff.</p></div>
        <button type="button" className="primary" aria-expanded={query.get('new') !== null} onClick={() => query.set({ new: query.get('new') === null ? '1' : null })}>New back-test</button>
      </header>
      {query.get('new') !== null && <BacktestForm onStarted={(job) => { query.set({ ...blank, job }); runs.reload(); }} onClose={() => query.set(blank)} />}
      {runs.error !== undefined && <Problem error={runs.error} what="The list of runs could not be read." retry={runs.reload} />}
      {unseen.map((id) => <Starting key={id} id={id} onEnd={runs.reload} />)}
      {runs.data === undefined && runs.error === undefined && <Skeleton height={240} />}
      {runs.data !== undefined && items.length === 0 && unseen.length === 0 && (
        <Empty title="No runs yet">
          <p>A back-test shows how well models would have done. The sample takes a few seconds.</p>
          <p><Link className="button primary" href="/backtests?new=1&data=air_passengers">Back-test a sample</Link></p>
        </Empty>
      )}
      {items.length > 0 && (
        <section className="panel" aria-label="Runs">
          <div className="toolbar">
            <label>Status <select value={filter} onChange={(e) => query.set({ status: e.target.value === 'all' ? null : e.target.value })}>
              {['all', 'active', 'finished', 'failed', 'cancelled'].map((s) => <option key={s}>{s}</option>)}
            </select></label>
            <span className="muted">{items.length === 1 ? '1 run' : shown.length === items.length ? `${items.length} runs` : `${shown.length} of ${items.length} runs`}{typeof page?.next === 'string' ? ', latest first; older ones are not shown' : ', latest first'}</span>
          </div>
          <div className="scroll" tabIndex={0} role="group" aria-label="Table of the runs">
            <table className="runs">
              <caption>Runs, latest first</caption>
              <thead><tr><th scope="col">Data</th><th scope="col">Models</th><th scope="col">Status</th><th scope="col" className="wide">Progress</th><th scope="col">Started, UTC</th><th scope="col"><span className="spoken">Actions</span></th></tr></thead>
              <tbody>{shown.map((run) => <Row key={run.id} run={run} job={jobOf(run)} live={active(run) && items.filter(active).indexOf(run) < followed} onEnd={runs.reload} />)}</tbody>
            </table>
          </div>
          {shown.length === 0 && <p className="muted pad">No run has this status. <button type="button" className="link" onClick={() => query.set({ status: null })}>Show all</button></p>}
        </section>
      )}
    </>
  );
}

interface RowProps { readonly run: Run; readonly job: Job | null; readonly live: boolean; readonly onEnd: () => void }

function Row({ run, job: stored, live, onEnd }: RowProps): ReactElement {
  const job = useJob(live ? stored?.id ?? null : null, onEnd);
  const [cancelError, setCancelError] = useState<unknown>(undefined);
  const status = job.live?.cancelling === true ? 'cancelling' : run.status;
  const share = job.live?.share ?? stored?.progress ?? null;
  const jobId = stored?.id ?? null;
  const took = run.startedAt !== undefined && run.startedAt !== null && run.finishedAt !== undefined && run.finishedAt !== null
    ? duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)) : null;
  return (
    <tr data-row>
      <th scope="row"><Link href={`/runs/${encodeURIComponent(run.id)}`}>{run.data}</Link><small className="mono" title={run.id}>{run.id.slice(-8)}</small></th>
      <td>{run.models.slice(0, 3).join(', ')}{run.models.length > 3 && <span className="muted" title={run.models.join('\n')}> and {run.models.length - 3} more</span>}</td>
      <td><Status status={status} /></td>
      <td>
        {active(run)
          ? <Progress share={share} text={job.live?.message !== undefined && job.live.message !== '' ? job.live.message : stored === null ? 'started elsewhere, no progress is told' : share === null ? 'waiting for a worker' : `${Math.round(share * 100)} %`} />
          : <span className="muted">{run.status === 'failed' ? run.error?.detail ?? 'stopped by an error' : took === null ? '' : `took ${took}`}</span>}
        {cancelError !== undefined && <Problem error={cancelError} what="The run was not cancelled." />}
      </td>
      <td className="nowrap">{stamp(run.startedAt ?? run.createdAt).replace(' UTC', '')}</td>
      <td className="actions">
        {active(run) && jobId !== null && (
          <button type="button" className="quiet" disabled={status === 'cancelling'} onClick={() => { api.cancel(jobId).then(onEnd, setCancelError); }}>Cancel</button>
        )}
        {run.status === 'finished' && <ReportLink run={run.id} className="button quiet">Report</ReportLink>}
      </td>
    </tr>
  );
}

/** A job that was asked for and has no run yet. */
function Starting({ id, onEnd }: { id: string; onEnd: () => void }): ReactElement {
  const { live, runId, error } = useJob(id, onEnd);
  useEffect(() => { if (runId !== null) onEnd(); }, [runId]);
  if (error !== undefined) return <Problem error={error} what="The job that you started could not be read." />;
  if (live?.state === 'failed') return <div className="alert" role="alert"><p><b>The back-test did not start.</b> {live.message} Change what it names and start again.</p></div>;
  return (
    <section className="panel pad" aria-label="Job">
      <Progress share={live?.share ?? null} text={live?.message !== undefined && live.message !== '' ? live.message : 'A back-test is queued: it starts when a worker is free'} />
    </section>
  );
}

/** Reads again now and then while the page is seen, so that runs started elsewhere appear. */
function useRereading(reload: () => void, every: number): void {
  useEffect(() => {
    const timer = setInterval(() => { if (!document.hidden) reload(); }, every);
    return () => clearInterval(timer);
  }, [reload, every]);
}
