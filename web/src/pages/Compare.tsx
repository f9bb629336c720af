import { useEffect, useMemo, type ReactElement } from 'react';
import { api } from '../api/client';
import { pages } from '../api/pages';
import type { Comparison } from '../api/pageTypes';
import type { Run } from '../api/types';
import { mark, mostMarked, useMarked } from '../app/marked';
import { Link, useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { ModelName, modelColor } from '../components/Badges';
import { ChartCard } from '../components/ChartCard';
import { Empty, Problem, Skeleton } from '../components/States';
import type { ChartSpec } from '../charts/spec';
import { count, decimalsFor, fixed, signedPercent, significant } from '../format/numbers';
import { CompareFans } from '../run/CompareFans';

const runOf = (entry: string): string => entry.slice(0, entry.indexOf('/'));
const modelOf = (entry: string): string => entry.slice(entry.indexOf('/') + 1);

/** What changed, who wins: models of one or several runs on the forecasts that all of them made. */
export function Compare(): ReactElement {
  useTitle('Compare');
  const query = useQuery();
  const marked = useMarked();
  const said = query.get('entries');
  const entries = useMemo((): readonly string[] => (said === null ? marked : said.split('\n').filter((e) => e.includes('/')).slice(0, mostMarked)), [said, marked]);
  // What the address names is what is marked: a link from somebody else is marked here, too.
  useEffect(() => { if (said !== null && entries.join('\n') !== marked.join('\n')) mark(entries); }, [said]);
  const change = (next: readonly string[]): void => { mark(next); query.set({ entries: next.length === 0 ? null : next.join('\n') }); };
  const runs = useResource('runs/compare', (signal) => api.runs({ signal }));
  const found = useResource(entries.length < 2 ? null : `compare/${entries.join('|')}`, (signal) => pages.compare(entries, { signal }));
  const finished = (runs.data?.items ?? []).filter((run) => run.status === 'finished');
  return (
    <>
      <header className="head"><div><h1>Compare</h1><p>Only what all of them forecast is counted: same series, same cutoff, same step, same outcome.</p></div></header>
      <Chosen entries={entries} runs={finished} change={change} />
      {runs.error !== undefined && <Problem error={runs.error} what="The list of runs could not be read." retry={runs.reload} />}
      {found.error !== undefined && <Problem error={found.error} what="There is no comparison." retry={found.reload} />}
      {entries.length < 2 && (
        <Empty title="Mark at least two models">
          <p>{finished.length === 0 ? <>No run is finished yet. <Link href="/backtests?new=1&data=air_passengers">Back-test a sample</Link> first.</> : 'Add them above, or mark a whole run on its page. The first one is the baseline.'}</p>
        </Empty>
      )}
      {entries.length >= 2 && found.data === undefined && found.error === undefined && <Skeleton height={420} />}
      {found.data !== undefined && <Result found={found.data} entries={entries} runs={finished} />}
    </>
  );
}

function Chosen({ entries, runs, change }: { entries: readonly string[]; runs: readonly Run[]; change: (next: readonly string[]) => void }): ReactElement {
  const open = runs.flatMap((run) => run.models.map((model) => ({ entry: `${run.id}/${model}`, text: `${run.data}, ${run.id.slice(-8)}: ${model}` }))).filter((o) => !entries.includes(o.entry));
  return (
    <section className="panel pad" aria-label="Compared models">
      <ol className="chosen">
        {entries.map((entry, i) => (
          <li key={entry}>
            <ModelName name={modelOf(entry)} position={i} /> <small className="mono">{runOf(entry).slice(-8)}</small>
            {i === 0 ? <small>baseline</small> : <button type="button" className="quiet" onClick={() => change([entry, ...entries.filter((e) => e !== entry)])}>Make baseline</button>}
            <button type="button" className="quiet" aria-label={`Remove ${modelOf(entry)}`} onClick={() => change(entries.filter((e) => e !== entry))}>✕</button>
          </li>
        ))}
      </ol>
      {entries.length < mostMarked && open.length > 0 && (
        <label className="check">Add <select value="" onChange={(e) => change([...entries, e.target.value])}>
          <option value="" disabled>a model of a finished run</option>
          {open.map((o) => <option key={o.entry} value={o.entry}>{o.text}</option>)}
        </select></label>
      )}
    </section>
  );
}

function Result({ found, entries, runs }: { found: Comparison; entries: readonly string[]; runs: readonly Run[] }): ReactElement {
  if (found.common === 0) return <Empty title="They have nothing in common"><p>No series was forecast by all of them from the same cutoff with the same outcome. Compare runs of the same data and plan.</p></Empty>;
  return (
    <>
      <p className="muted pad">{count(found.common)} forecasts of {count(found.series.length)} series from {count(found.cutoffs)} cutoffs{found.leftOut > 0 ? `; ${count(found.leftOut)} that not all have are left out` : ''}.</p>
      <Scores found={found} />
      <Pairs found={found} />
      <Configuration entries={entries} runs={runs} />
      <CompareFans entries={entries} series={found.series} runs={runs} />
    </>
  );
}

function Scores({ found }: { found: Comparison }): ReactElement {
  const best = Math.min(...found.entries.flatMap((e) => (typeof e.ratio === 'number' ? [e.ratio] : [])));
  const spec = useMemo((): ChartSpec | null => {
    const ranked = found.entries.filter((e) => typeof e.rank === 'number');
    return found.series.length < 2 ? null : {
      description: `Mean rank over ${found.series.length} series with 95 % intervals: ${ranked.map((e) => `${e.model} ${e.rank?.toFixed(2)}`).join(', ')}.`,
      x: { kind: 'number', name: 'mean rank, lower is better', min: 1, max: found.entries.length },
      y: { kind: 'category', labels: found.entries.map((e) => e.model) },
      xs: [],
      layers: found.entries.flatMap((e, row) => (typeof e.rank === 'number'
        ? [{ type: 'whiskers' as const, row, value: e.rank, low: typeof e.rankHalf === 'number' ? e.rank - e.rankHalf : null, high: typeof e.rankHalf === 'number' ? e.rank + e.rankHalf : null, color: modelColor(row), label: 'mean rank' }] : [])),
    };
  }, [found]);
  const decimals = decimalsFor(found.entries.flatMap((e) => (found.series.length === 1 ? [e.losses[0] ?? null] : [])));
  return (
    <section className="panel" aria-label="Scores">
      <div className="toolbar"><h2>Scores</h2><span className="muted">{found.series.length === 1 ? `${found.series[0]}; lower is better` : 'Geometric mean over the series of the loss over the baseline’s; lower is better'}</span></div>
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of the scores">
        <table className="scores">
          <caption>Scores of the compared models</caption>
          <thead><tr><th scope="col">Model</th>{found.series.length === 1 && <th scope="col" className="n">{found.score}</th>}<th scope="col" className="n">{found.score}<small>against the baseline</small></th><th scope="col" className="n">MAE<small>against the baseline</small></th><th scope="col" className="n">Mean rank<small>± 95 %</small></th></tr></thead>
          <tbody>{found.entries.map((e, i) => (
            <tr key={`${e.run}/${e.model}`} className={i === 0 ? 'pinned' : undefined}>
              <th scope="row"><ModelName name={e.model} position={i} /><small>{i === 0 ? 'baseline, ' : ''}<Link href={`/runs/${encodeURIComponent(e.run)}`}>{e.run.slice(-8)}</Link></small></th>
              {found.series.length === 1 && <td className="n" title={String(e.losses[0] ?? '')}>{typeof e.losses[0] === 'number' ? fixed(e.losses[0], decimals) : '–'}</td>}
              <td className="n" title={String(e.ratio ?? '')}>{delta(e.ratio, i, e.ratio === best && found.entries.length > 1)}</td>
              <td className="n" title={String(e.mae ?? '')}>{delta(e.mae, i, false)}</td>
              <td className="n">{typeof e.rank === 'number' ? fixed(e.rank, 2) : '–'}{typeof e.rankHalf === 'number' && <small>± {fixed(e.rankHalf, 2)}</small>}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
      {spec !== null && <div className="pad"><ChartCard title="Mean rank" subtitle={`over ${count(found.series.length)} series, 95 % interval`} spec={spec} height={60 + 36 * found.entries.length} /></div>}
    </section>
  );
}

function delta(value: number | null | undefined, place: number, best: boolean): ReactElement {
  if (typeof value !== 'number') return <span className="muted">–</span>;
  const text = place === 0 ? '1' : signedPercent(value - 1);
  return best ? <b>{text}</b> : <>{text}</>;
}

/** Row against column: who has the smaller loss, and whether it may be chance. */
function Pairs({ found }: { found: Comparison }): ReactElement {
  const cell = (row: number, column: number): ReactElement => {
    const pair = found.pairs.find((p) => p.first === row && p.second === column);
    const p = pair?.pValue;
    if (typeof p !== 'number') return <td className="n muted" title={pair?.note ?? ''}>–</td>;
    const said = p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
    const better = (pair?.difference ?? 0) < 0;
    return <td className="n" title={`mean difference ${significant(pair?.difference ?? 0)}`}>{p >= 0.05 ? <span className="muted">• {said}</span> : better ? <span className="good">▲ {said}</span> : <span className="bad">▼ {said}</span>}</td>;
  };
  return (
    <section className="panel" aria-label="Pairs">
      <div className="toolbar"><h2>Row against column</h2><span className="muted"><span className="good">▲</span> the row’s model is better, <span className="bad">▼</span> worse, • no evidence of a difference at 5 %</span></div>
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of the pairs">
        <table>
          <caption>Tests of pairs</caption>
          <thead><tr><th scope="col">Model</th>{found.entries.slice(0, -1).map((e, i) => <th key={i} scope="col" className="n">against {e.model}</th>)}</tr></thead>
          <tbody>{found.entries.slice(1).map((e, k) => (
            <tr key={`${e.run}/${e.model}`}><th scope="row"><ModelName name={e.model} position={k + 1} /></th>{found.entries.slice(0, -1).map((_, column) => (column > k ? <td key={column} /> : <FragmentCell key={column}>{cell(k + 1, column)}</FragmentCell>))}</tr>
          ))}</tbody>
        </table>
      </div>
      <p className="hint pad">Diebold-Mariano on {found.score} cutoff by cutoff, each series in units of the baseline’s mean loss on it; small-sample correction of Harvey, Leybourne and Newbold; p-values adjusted over all pairs by Holm’s method. “No evidence” does not mean “equal”.</p>
    </section>
  );
}

const FragmentCell = ({ children }: { children: ReactElement }): ReactElement => children;

/** How the runs were set up, only where they differ unless all is asked for. */
function Configuration({ entries, runs }: { entries: readonly string[]; runs: readonly Run[] }): ReactElement | null {
  const query = useQuery();
  const whole = query.get('config') === 'all';
  const own = [...new Set(entries.map(runOf))].flatMap((id) => runs.find((run) => run.id === id) ?? []);
  if (own.length === 0) return null;
  const facts: readonly (readonly [string, (run: Run) => string])[] = [
    ['Data', (r) => r.data], ['Data hash', (r) => r.dataHash.slice(0, 12)], ['Horizon', (r) => String(r.plan.horizon)], ['Step', (r) => String(r.plan.step)], ['Window', (r) => r.plan.window], ['Refit', (r) => r.plan.refit],
    ['Gap', (r) => String(r.plan.gap)], ['From', (r) => r.plan.from ?? ''], ['To', (r) => r.plan.to ?? ''], ['Seed', (r) => String(r.seed)], ['Engine', (r) => r.engine], ['Device', (r) => r.device], ['Certificate', (r) => r.certificate?.verdict ?? ''],
  ];
  const rows = facts.map(([name, of]) => ({ name, values: own.map(of) })).filter((row) => whole || new Set(row.values).size > 1);
  return (
    <section className="panel" aria-label="Configuration">
      <div className="toolbar"><h2>Configuration</h2><label className="check"><input type="checkbox" checked={!whole} onChange={(e) => query.set({ config: e.target.checked ? null : 'all' })} /> Differences only</label></div>
      {rows.length === 0
        ? <p className="muted pad">{own.length === 1 ? 'All of them belong to one run.' : 'The runs were set up alike.'}</p>
        : (
          <div className="scroll" tabIndex={0} role="group" aria-label="Table of the configuration">
            <table>
              <caption>Configuration of the runs</caption>
              <thead><tr><th scope="col">Setting</th>{own.map((run) => <th key={run.id} scope="col">{run.id.slice(-8)}</th>)}</tr></thead>
              <tbody>{rows.map((row) => <tr key={row.name}><th scope="row">{row.name}</th>{row.values.map((v, i) => <td key={i} className="mono">{v === '' ? '–' : v}</td>)}</tr>)}</tbody>
            </table>
          </div>
        )}
    </section>
  );
}
