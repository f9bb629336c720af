import { useMemo, type ReactElement } from 'react';
import { api } from '../api/client';
import type { Run } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { ChartCard } from '../components/ChartCard';
import { FanKey } from '../components/FanKey';
import { ModelName, modelColor } from '../components/Badges';
import { Empty, Problem, Skeleton } from '../components/States';
import { rings } from '../fan/rings';
import { drawn, foldChart, rollingChart, steps, type Shown, type Step } from '../fan/runCharts';
import { niceAxis } from '../fan/scale';
import { count } from '../format/numbers';
import { hasClock, place, when } from '../format/times';

/** Panels at most; the report has them all. */
const mostModels = 6;

/** Forecasts of a run against what came true: over time when they look one step ahead, else fold by fold. */
export function RunFans({ run, all }: { run: Run; all: readonly Shown[] }): ReactElement {
  const query = useQuery();
  const wanted = query.get('series');
  const series = all.find((s) => s.id === wanted) ?? all[0];
  const models = run.models.slice(0, mostModels);
  const loaded = useResource(series === undefined ? null : `predictions/${run.id}/${series.id}`, (signal) =>
    Promise.all(models.map((model) => api.predictions(run.id, model, series?.id ?? '', { signal }).then(steps))));
  if (series === undefined) return <Empty title="The run has no series"><p>Start a back-test on data with at least one.</p></Empty>;
  return (
    <section className="panel pad" aria-label="Forecasts and outcomes">
      <div className="toolbar flush">
        <h2>Forecasts and outcomes</h2>
        {all.length > 1 && (
          <label>Series <select value={series.id} onChange={(e) => query.set({ series: e.target.value })}>{all.map((s) => <option key={s.id}>{s.id}</option>)}</select></label>
        )}
        {run.models.length > models.length && <span className="muted">{models.length} of {run.models.length} models; the report has all</span>}
      </div>
      <FanKey levels={run.levels} outside cutoff={run.plan.horizon > 1} />
      {loaded.error !== undefined && <Problem error={loaded.error} what="The predictions could not be read." retry={loaded.reload} />}
      {loaded.data === undefined && loaded.error === undefined && <Skeleton height={260} />}
      {loaded.data !== undefined && (run.plan.horizon === 1
        ? <Rolling run={run} series={series} models={models} rows={loaded.data} />
        : <Folds run={run} series={series} models={models} rows={loaded.data} />)}
    </section>
  );
}

interface Props { readonly run: Run; readonly series: Shown; readonly models: readonly string[]; readonly rows: readonly (readonly Step[])[] }

function widest(levels: readonly number[]): readonly [number, number] | null {
  const ring = rings([...levels].sort((a, b) => a - b))[0];
  return ring === undefined ? null : [ring.low, ring.high];
}

const columns = (n: number): string => (n <= 1 ? 'cols-1' : 'cols-2');

function Rolling({ run, series, models, rows }: Props): ReactElement {
  const charts = useMemo(() => {
    const edge = widest(run.levels);
    const range = niceAxis(rows.flatMap((own) => [...drawn(own, edge)]));
    return models.map((model, i) => rollingChart(series, model, modelColor(i), rows[i] ?? [], range));
  }, [run, series, models.join('\n'), rows]);
  return (
    <div className={columns(models.length)}>
      {models.map((model, i) => {
        const own = rows[i] ?? [];
        const spec = charts[i];
        if (spec === undefined || own.length === 0) return <p key={model} className="muted"><ModelName name={model} position={i} />: no forecast of this series; see the failures below.</p>;
        return <ChartCard key={`${model}/${series.id}`} title={<ModelName name={model} position={i} />} subtitle={`n = ${count(own.length)}, ${span(own, series)}`} spec={spec} height={230} />;
      })}
    </div>
  );
}

function span(rows: readonly Step[], series: Shown): string {
  const clock = hasClock(series.frequency);
  const at = (row: Step | undefined): string => (row === undefined ? '' : series.frequency === 'index' ? row.time : when(row.time, clock));
  return `${at(rows[0])} to ${at(rows.at(-1))}`;
}

function Folds({ run, series, models, rows }: Props): ReactElement {
  const query = useQuery();
  const numbers = useMemo(() => [...new Set(rows.flatMap((own) => own.map((step) => step.fold)))].sort((a, b) => a - b), [rows]);
  const asked = Number(query.get('fold') ?? NaN);
  const at = Math.max(0, Number.isInteger(asked) ? numbers.indexOf(asked) : numbers.length - 1);
  const number = numbers[at];
  const go = (place: number): void => {
    const next = numbers[Math.min(numbers.length - 1, Math.max(0, place))];
    if (next !== undefined) query.set({ fold: String(next) });
  };
  // What was known before a cutoff: the outcomes of the folds before it, which any model's rows hold.
  const past = useMemo(() => {
    const seen = new Map<number, number | null>();
    for (const own of rows) for (const row of own) seen.set(place(row.time), row.actual);
    return [...seen].sort((a, b) => a[0] - b[0]);
  }, [rows]);
  const charts = useMemo(() => {
    const shown = rows.map((own) => own.filter((step) => step.fold === number));
    const first = shown.find((fold) => fold.length > 0)?.[0];
    const before = first === undefined ? [] : past.filter(([x]) => x <= place(first.cutoff)).slice(-Math.max(24, 3 * run.plan.horizon));
    const edge = widest(run.levels);
    const range = niceAxis([...shown.flatMap((fold) => [...drawn(fold, edge)]), ...before.map(([, y]) => y)]);
    return models.map((model, i) => ({ fold: shown[i] ?? [], spec: foldChart(series, model, modelColor(i), shown[i] ?? [], before, range) }));
  }, [rows, number, past, run, series, models.join('\n')]);

  if (number === undefined) return <Empty title="No fold has a forecast of this series"><p>The failures below say why.</p></Empty>;
  const cutoff = charts.find((c) => c.fold.length > 0)?.fold[0]?.cutoff;
  const clock = hasClock(series.frequency);
  return (
    <div>
      <div className="folds">
        <button type="button" className="quiet" data-key="[" onClick={() => go(at - 1)} disabled={at === 0} aria-label="Fold before" title="Fold before, key [">◂</button>
        <input type="range" min={0} max={numbers.length - 1} value={at} onChange={(e) => go(Number(e.target.value))} aria-label="Fold" aria-valuetext={`fold ${number}`} />
        <button type="button" className="quiet" data-key="]" onClick={() => go(at + 1)} disabled={at === numbers.length - 1} aria-label="Fold after" title="Fold after, key ]">▸</button>
        <span>fold {at + 1} of {numbers.length}{cutoff !== undefined && <>, cutoff {series.frequency === 'index' ? cutoff : when(cutoff, clock)}</>}</span>
      </div>
      <div className={columns(models.length)}>
        {charts.map(({ fold, spec }, i) => {
          const model = models[i] ?? '';
          if (fold.length === 0) return <p key={model} className="muted"><ModelName name={model} position={i} />: no forecast in this fold; see the failures below.</p>;
          return <ChartCard key={`${model}/${series.id}`} title={<ModelName name={model} position={i} />} subtitle={`${fold.length} steps, ${span(fold, series)}`} spec={spec} height={240} />;
        })}
      </div>
    </div>
  );
}
