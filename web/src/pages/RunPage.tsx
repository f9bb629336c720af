import { useEffect, type ReactElement } from 'react';
import { api } from '../api/client';
import type { Metric, Run } from '../api/types';
import { mark, mostMarked, useMarked } from '../app/marked';
import { Link, useQuery } from '../app/router';
import { useJob } from '../app/useJob';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { ModelName, Progress, Status, Verdict } from '../components/Badges';
import { CopyBlock } from '../components/CopyBlock';
import { Problem, Skeleton } from '../components/States';
import { curl } from '../format/curl';
import { metricTable, verdict } from '../format/metricTable';
import { count } from '../format/numbers';
import { duration, stamp } from '../format/times';
import type { Shown } from '../fan/runCharts';
import { Evidence } from '../run/Evidence';
import { ReportLink } from '../run/ReportLink';
import { remember } from './LatestRun';
import { RunFans } from './RunFans';

/** One run: was it good, where, and can it be trusted. */
export function RunPage({ id }: { id: string }): ReactElement {
  const run = useResource(`run/${id}`, (signal) => api.run(id, { signal }));
  useTitle(run.data?.data ?? 'Run');
  const found = run.data?.id;
  useEffect(() => { if (found !== undefined) remember(found); }, [found]);
  if (run.error !== undefined && run.data === undefined) {
    return <><Crumbs name={id} /><Problem error={run.error} what="The run could not be read." retry={run.reload} /></>;
  }
  if (run.data === undefined) return <><Crumbs name={id} /><Skeleton height={420} /></>;
  return <Loaded run={run.data} reload={run.reload} />;
}

function Crumbs({ name }: { name: string }): ReactElement {
  return <p className="crumbs"><Link href="/backtests">Back-tests</Link> <span aria-hidden="true">/</span> {name}</p>;
}

function Loaded({ run, reload }: { run: Run; reload: () => void }): ReactElement {
  const going = run.status === 'running' || run.status === 'created';
  const dataset = useResource(run.datasetId ? `dataset/${run.datasetId}` : null, (signal) => api.dataset(run.datasetId ?? '', { signal }));
  const series: readonly Shown[] = (dataset.data?.series ?? []).map((s) => ({ id: s.id, unit: s.unit ?? null, frequency: dataset.data?.frequency ?? 'P1D' }));
  const job = useJob(going ? run.jobId ?? null : null, reload);
  const certified = run.certificate?.verdict ?? null;
  const metrics = useResource(run.status === 'finished' ? `metrics/${run.id}` : null, (signal) => api.metrics(run.id, { signal }));
  const overall = metrics.data?.some((m) => m.series === 'all') === true ? 'all' : metrics.data?.[0]?.series ?? 'all';
  const said = metrics.data === undefined ? null : verdict(metrics.data, run.models, overall);
  return (
    <>
      <Crumbs name={run.data} />
      <header className="head">
        <div>
          <h1>{run.data}</h1>
          <p><Status status={job.live?.cancelling === true ? 'cancelling' : run.status} /> <span className="mono">{run.id}</span></p>
        </div>
        {run.status === 'finished' && <div className="buttons"><Marks run={run} /><ReportLink run={run.id} className="button primary">Open the report</ReportLink></div>}
      </header>
      {going && (
        <section className="panel pad" aria-label="Progress">
          <Progress share={job.live?.share ?? shareOf(run)} text={job.live?.message !== undefined && job.live.message !== '' ? job.live.message : 'waiting for news of the run'} />
          <p className="muted">Scores and charts stand here once all folds are done. The run goes on when this page is closed.</p>
        </section>
      )}
      {run.status === 'failed' && (
        <div className="alert" role="alert"><p><b>The run stopped.</b> {run.error?.detail ?? 'No reason was kept.'} What was done before is kept; start it again and it goes on from there.</p></div>
      )}
      <section className="tiles" aria-label="Summary">
        <div className="tile-wide"><span>Verdict</span><strong className="said">{said ?? (going ? 'not yet' : metrics.busy ? '…' : 'there are no scores')}</strong></div>
        <div><span>Leakage certificate</span><strong>{certified === null ? '–' : <Verdict verdict={certified} />}</strong><small>{certificateNote(run, certified)}</small></div>
        <div><span>Plan</span><strong>{run.plan.horizon === 1 ? 'one step ahead' : `${run.plan.horizon} steps ahead`}</strong><small>{planNote(run)}</small></div>
      </section>
      {metrics.error !== undefined && <Problem error={metrics.error} what="The scores could not be read." retry={metrics.reload} />}
      {run.status === 'finished' && metrics.data === undefined && metrics.error === undefined && <Skeleton height={200} />}
      {dataset.error !== undefined && <Problem error={dataset.error} what="The series of the run could not be read." retry={dataset.reload} />}
      {metrics.data !== undefined && <Scores run={run} series={series} metrics={metrics.data} />}
      {run.status === 'finished' && (series.length > 0 ? <RunFans run={run} all={series} /> : dataset.busy && <Skeleton height={320} />)}
      {run.failures && run.failures.count > 0 && <Failures run={run} />}
      {run.status === 'finished' && <Evidence run={run} />}
      <Facts run={run} />
    </>
  );
}

/** Marks every model of the run, to be compared with others'. */
function Marks({ run }: { run: Run }): ReactElement {
  const marked = useMarked();
  const own = run.models.map((model) => `${run.id}/${model}`);
  const all = own.slice(0, mostMarked).every((entry) => marked.includes(entry));
  return <button type="button" aria-pressed={all} onClick={() => mark(all ? marked.filter((entry) => !own.includes(entry)) : [...marked, ...own])}>{all ? 'Marked to compare' : 'Mark to compare'}</button>;
}

/** What gave no forecast, so that a good score of few forecasts is seen for what it is. */
function Failures({ run }: { run: Run }): ReactElement {
  const items = run.failures?.items ?? [];
  const total = run.failures?.count ?? 0;
  return (
    <section className="panel" aria-label="Failures">
      <div className="toolbar"><h2>No forecast</h2><span className="muted">{count(total)} of the forecasts failed{items.length < total ? `; the first ${items.length} are` : ''}</span></div>
      <div className="scroll short" tabIndex={0} role="group" aria-label="Table of the failures">
        <table>
          <caption>Forecasts that failed</caption>
          <thead><tr><th scope="col">Model</th><th scope="col">Series</th><th scope="col">Cutoff</th><th scope="col">Why</th></tr></thead>
          <tbody>{items.map((f, i) => <tr key={i}><th scope="row" className="mono">{f.model}</th><td>{f.series}</td><td className="nowrap">{f.cutoff.slice(0, 10)}</td><td>{f.detail}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
}

function shareOf(run: Run): number | null {
  const items = run.items ?? null;
  return items === null || items.total === 0 ? null : items.done / items.total;
}

function certificateNote(run: Run, verdict: string | null): string {
  if (verdict === null) return run.status === 'finished' ? 'stands in the report' : 'written when the run is done';
  const folds = run.certificate?.folds ?? 0;
  if (verdict === 'clean') return folds > 0 ? `no value was read past a cutoff, in ${count(folds)} folds` : 'no value was read past a cutoff';
  return verdict === 'contaminated' ? 'do not trust the scores; the report says why' : 'pre-trained weights may know the series';
}

function planNote(run: Run): string {
  const { plan } = run;
  return [
    `${plan.window} window`, `refit ${plan.refit}`, plan.gap > 0 ? `gap ${plan.gap}` : null,
    plan.from && plan.to ? `${plan.from.slice(0, 10)} to ${plan.to.slice(0, 10)}` : null,
  ].filter((part): part is string => typeof part === 'string').join(', ');
}

function Scores({ run, series: all, metrics }: { run: Run; series: readonly Shown[]; metrics: readonly Metric[] }): ReactElement {
  const query = useQuery();
  const named = [...new Set(metrics.map((m) => m.series))];
  // Of a single series, all of them say nothing more.
  const places = (named.length === 2 ? named.filter((n) => n !== 'all') : named).sort((a, b) => Number(b === 'all') - Number(a === 'all'));
  const wanted = query.get('scores');
  const series = wanted !== null && places.includes(wanted) ? wanted : places[0] ?? 'all';
  const units = new Set(all.map((s) => s.unit ?? ''));
  const unit = series === 'all' ? (units.size === 1 ? [...units][0] ?? '' : null) : all.find((s) => s.id === series)?.unit ?? '';
  const table = metricTable(metrics, run.models, series, unit);
  return (
    <section className="panel" aria-label="Scores">
      <div className="toolbar">
        <h2>Scores</h2>
        {places.length > 1 && (
          <label>Series <select value={series} onChange={(e) => query.set({ scores: e.target.value })}>
            {places.map((p) => <option key={p} value={p}>{p === 'all' ? 'all series' : p}</option>)}
          </select></label>
        )}
        <span className="muted">Errors: lower is better. Below each, the difference from the baseline {run.models[0]}.</span>
      </div>
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of the scores">
        <table className="scores">
          <caption>Scores, {series}</caption>
          <thead><tr><th scope="col">Model</th><th scope="col" className="n">n</th>{table.columns.map((c) => <th key={c.name} scope="col" className="n">{c.name}<small>{c.hint}</small></th>)}</tr></thead>
          <tbody>
            {table.rows.map((row, i) => (
              <tr key={row.model} className={i === 0 ? 'pinned' : undefined}>
                <th scope="row"><ModelName name={row.model} position={i} />{i === 0 && <small>baseline</small>}</th>
                <td className="n">{count(row.count)}</td>
                {row.cells.map((c, k) => (
                  <td key={k} className="n" title={c.text === '' ? c.note : [c.full, c.note].filter((t) => t !== '').join('; ')}>
                    {c.text === '' ? <span className="muted">–<span className="spoken">{c.note}</span></span> : c.best ? <b>{c.text}</b> : c.text}
                    {c.delta !== '' && <small>{c.delta}</small>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="hint pad">Bold is the lowest. Whether a difference is more than chance stands under <a href="#significance">Significance</a>.</p>
    </section>
  );
}

/** A run that was asked for over HTTP keeps the request; a shell wants a command. */
function again(command: string): string {
  const [, path, body] = /^POST (\S+) (\{.*\})$/s.exec(command) ?? [];
  if (path === undefined || body === undefined) return command;
  const stated = Object.entries(JSON.parse(body) as Record<string, unknown>).filter(([, value]) => value !== null);
  return curl(window.location.origin, path, Object.fromEntries(stated));
}

function Facts({ run }: { run: Run }): ReactElement {
    const took = run.startedAt && run.finishedAt ? duration(Date.parse(run.finishedAt) - Date.parse(run.startedAt)) : null;
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['Run', run.id], ['Created', stamp(run.createdAt)], ['Took', took], ['Data hash', run.dataHash],
    ['Hash of all predictions', run.predictionsHash], ['Seed', String(run.seed)], ['Engine', run.engine], ['Device', `${run.device}, ${run.threads} thread${run.threads === 1 ? '' : 's'} a worker`],
  ];
  return (
    <section className="panel pad" aria-label="Where the numbers come from">
      <h2>Where the numbers come from</h2>
      <dl className="facts">{facts.map(([name, value]) => (value === null || value === undefined || value === '' ? null : <div key={name}><dt>{name}</dt><dd className="mono">{value}</dd></div>))}</dl>
      {(run.certificate?.violations ?? []).length > 0 && (
        <details open><summary>Rules that were broken, {count(run.certificate?.violationCount ?? run.certificate?.violations?.length ?? 0)}</summary>
          <ul>{run.certificate?.violations?.map((line) => <li key={line}>{line}</li>)}</ul>
        </details>
      )}
      {run.certificate?.exposure && (
        <details><summary>Exposure of pre-trained weights</summary>
          <dl className="facts">{Object.entries(run.certificate.exposure).map(([model, why]) => <div key={model}><dt className="mono">{model}</dt><dd>{why}</dd></div>)}</dl>
        </details>
      )}
      {run.command !== '' && <CopyBlock label="Makes this run again" text={again(run.command)} />}
    </section>
  );
}
