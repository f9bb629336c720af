import { useMemo, type ReactElement } from 'react';
import { api } from '../api/client';
import type { Run } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { ModelName, modelColor } from '../components/Badges';
import { ChartCard } from '../components/ChartCard';
import { FanKey } from '../components/FanKey';
import { Problem, Skeleton } from '../components/States';
import { drawn, foldChart, steps, type Step } from '../fan/runCharts';
import { niceAxis } from '../fan/scale';
import { place } from '../format/times';

interface Props { readonly entries: readonly string[]; readonly series: readonly string[]; readonly runs: readonly Run[] }

/** The same fold of each model side by side, on one scale. */
export function CompareFans({ entries, series: all, runs }: Props): ReactElement | null {
  const query = useQuery();
  const series = all.find((id) => id === query.get('series')) ?? all[0];
  const split = entries.map((entry) => ({ run: entry.slice(0, entry.indexOf('/')), model: entry.slice(entry.indexOf('/') + 1) }));
  const loaded = useResource(series === undefined ? null : `fans/${entries.join('|')}/${series}`, (signal) =>
    Promise.all(split.map(({ run, model }) => api.predictions(run, model, series ?? '', { signal }).then(steps))));
  const cutoffs = useMemo(() => {
    const sets = (loaded.data ?? []).map((own) => new Set(own.map((step) => step.cutoff)));
    return [...sets[0] ?? []].filter((cutoff) => sets.every((s) => s.has(cutoff))).sort();
  }, [loaded.data]);
  const run = runs.find((r) => r.id === split[0]?.run);
  const dataset = useResource(run?.datasetId ? `dataset/${run.datasetId}` : null, (signal) => api.dataset(run?.datasetId ?? '', { signal }));
  const unit = dataset.data?.series?.find((s) => s.id === series)?.unit ?? null;
  const asked = cutoffs.indexOf(query.get('cutoff') ?? '');
  const at = asked < 0 ? cutoffs.length - 1 : asked;
  const cutoff = cutoffs[at];
  const charts = useMemo(() => {
    if (loaded.data === undefined || cutoff === undefined || series === undefined) return [];
    const past = new Map<number, number | null>();
    for (const own of loaded.data) for (const step of own) past.set(place(step.time), step.actual);
    const folds = loaded.data.map((own): Step[] => own.filter((step) => step.cutoff === cutoff));
    const longest = Math.max(1, ...folds.map((f) => f.length));
    const before = [...past].sort((a, b) => a[0] - b[0]).filter(([x]) => x <= place(cutoff)).slice(-Math.max(24, 3 * longest));
    const range = niceAxis([...folds.flatMap((fold) => [...drawn(fold, [0.1, 0.9])]), ...before.map(([, y]) => y)]);
    const dated = /-/.test(cutoff);
    return folds.map((fold, i) => foldChart({ id: series, unit, frequency: dated ? (cutoff.includes('T') ? 'PT1H' : 'P1D') : 'index' }, split[i]?.model ?? '', modelColor(i), fold, before, range));
  }, [loaded.data, cutoff, series, unit]);
  if (series === undefined) return null;
  const go = (to: number): void => { const next = cutoffs[Math.min(cutoffs.length - 1, Math.max(0, to))]; if (next !== undefined) query.set({ cutoff: next }); };
  return (
    <section className="panel pad" aria-label="The same fold">
      <div className="toolbar flush">
        <h2>The same fold</h2>
        {all.length > 1 && <label>Series <select value={series} onChange={(e) => query.set({ series: e.target.value, cutoff: null })}>{all.map((id) => <option key={id}>{id}</option>)}</select></label>}
      </div>
      {run !== undefined && <FanKey levels={run.levels} outside cutoff />}
      {loaded.error !== undefined && <Problem error={loaded.error} what="The forecasts could not be read." retry={loaded.reload} />}
      {loaded.data === undefined && loaded.error === undefined && <Skeleton height={260} />}
      {cutoff !== undefined && (
        <div className="folds">
          <button type="button" className="quiet" data-key="[" aria-label="Fold before" title="Fold before, key [" disabled={at === 0} onClick={() => go(at - 1)}>◂</button>
          <input type="range" min={0} max={cutoffs.length - 1} value={at} onChange={(e) => go(Number(e.target.value))} aria-label="Fold" aria-valuetext={`cutoff ${cutoff}`} />
          <button type="button" className="quiet" data-key="]" aria-label="Fold after" title="Fold after, key ]" disabled={at === cutoffs.length - 1} onClick={() => go(at + 1)}>▸</button>
          <span>{at + 1} of {cutoffs.length} common cutoffs, {cutoff}</span>
        </div>
      )}
      <div className="cols-2">
        {charts.map((spec, i) => <ChartCard key={entries[i]} title={<ModelName name={split[i]?.model ?? ''} position={i} />} subtitle={split[i]?.run.slice(-8) ?? ''} spec={spec} height={220} />)}
      </div>
    </section>
  );
}
