import { useMemo, type KeyboardEvent, type ReactElement } from 'react';
import type { Anatomy } from '../api/pageTypes';
import { useQuery } from '../app/router';
import type { Resource } from '../app/useResource';
import { ChartCard } from '../components/ChartCard';
import { Problem, Skeleton } from '../components/States';
import { count, percent, significant } from '../format/numbers';
import { correlationChart, partChart, seasonChart, seasonOf, subSeriesChart } from './anatomyCharts';

const tabs = [['season', 'Season'], ['sub', 'Sub-series'], ['stl', 'Parts (STL)'], ['acf', 'ACF and PACF'], ['marks', 'Gaps and outliers']] as const;

/** What a series is made of, one view at a time. */
export function AnatomyPanel({ anatomy }: { anatomy: Resource<Anatomy> }): ReactElement {
  const query = useQuery();
  const wanted = query.get('view');
  const at = Math.max(0, tabs.findIndex(([id]) => id === wanted));
  const choose = (place: number): void => query.set({ view: tabs[(place + tabs.length) % tabs.length]?.[0] ?? null });
  const onKey = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    choose(at + by);
    document.getElementById(`tab-${(at + by + tabs.length) % tabs.length}`)?.focus();
  };
  const { data } = anatomy;
  return (
    <section className={`panel pad${anatomy.busy ? ' busy' : ''}`} aria-label="Anatomy">
      <div className="tabs" role="tablist" aria-label="Views of the series" onKeyDown={onKey}>
        {tabs.map(([id, name], i) => <button key={id} id={`tab-${i}`} type="button" role="tab" aria-selected={i === at} aria-controls="anatomy" tabIndex={i === at ? 0 : -1} onClick={() => choose(i)}>{name}</button>)}
      </div>
      <div id="anatomy" role="tabpanel" aria-labelledby={`tab-${at}`} style={{ minHeight: 300 }}>
        {anatomy.error !== undefined && <Problem error={anatomy.error} what="The series could not be taken apart." retry={anatomy.reload} />}
        {data === undefined && anatomy.error === undefined && <Skeleton height={280} />}
        {data !== undefined && <View key={`${data.id}/${at}`} anatomy={data} view={tabs[at]?.[0] ?? 'season'} />}
      </div>
    </section>
  );
}

const window = (a: Anatomy): string => `n = ${count(a.values.length)}${a.values.length < a.rows ? `, the last of ${count(a.rows)} rows` : ''}`;

function View({ anatomy: a, view }: { anatomy: Anatomy; view: string }): ReactElement {
  const charts = useMemo(() => {
    const season = seasonOf(a);
    switch (view) {
      case 'season': return season === null ? [] : [{ title: `Season by ${season.name}`, note: 'a line a cycle, the newest in ink', spec: seasonChart(a, season), height: 280 }];
      case 'sub': return season === null ? [] : [{ title: `Sub-series by ${season.name}`, note: 'each in time, with its mean', spec: subSeriesChart(a, season), height: 280 }];
      case 'acf': return a.acf.length === 0 ? [] : [
        { title: 'Autocorrelation', note: 'dashed: 95 % of independent values', spec: correlationChart(a, 'ACF', a.acf), height: 200 },
        { title: 'Partial autocorrelation', note: 'dashed: 95 % of independent values', spec: correlationChart(a, 'PACF', a.pacf), height: 200 }];
      case 'stl': return a.trend === undefined || a.trend === null ? [] : [
        { title: 'Values', note: 'as they came, gaps left open', spec: partChart(a, 'value', a.values, 'ink', false), height: 120 },
        { title: 'Trend', note: `strength ${share(a.trendStrength)}`, spec: partChart(a, 'trend', a.trend, 'model-1', false), height: 120 },
        { title: 'Season', note: `strength ${share(a.seasonalStrength)}, period ${a.period}`, spec: partChart(a, 'season', a.seasonal ?? [], 'model-3', false), height: 120 },
        { title: 'Remainder', note: 'what is left', spec: partChart(a, 'remainder', a.remainder ?? [], 'muted', true), height: 140 }];
      default: return [];
    }
  }, [a, view]);
  if (view === 'marks') return <Marks anatomy={a} />;
  if (charts.length === 0) return <p className="muted">{view === 'acf' ? 'A constant or very short series has no correlations.' : view === 'stl' ? `A decomposition needs more than two whole seasons; the period of ${a.frequency} is ${a.period}.` : `${a.frequency} has no season that a plot could show.`}</p>;
  return (
    <div className={view === 'acf' ? 'cols-2' : 'stack'}>
      {charts.map((c) => <ChartCard key={c.title} title={c.title} subtitle={`${c.note}; ${window(a)}`} spec={c.spec} height={c.height} file={`${a.id}-${c.title}`} />)}
    </div>
  );
}

const share = (value: number | null | undefined): string => (value === null || value === undefined ? 'none' : percent(value, 0));

function Marks({ anatomy: a }: { anatomy: Anatomy }): ReactElement {
  if (a.gaps.length === 0 && a.outliers.length === 0) return <p className="muted">No gap, and no value beyond the outer fences of what trend and season lead one to expect ({window(a)}).</p>;
  return (
    <div className="cols-2">
      <div className="scroll short" tabIndex={0} role="group" aria-label="Gaps">
        <h3>Gaps, {count(a.gaps.length)}</h3>
        <table>
          <caption>Gaps</caption>
          <thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col" className="n">Rows</th><th scope="col">Kind</th></tr></thead>
          <tbody>{a.gaps.slice(0, 200).map((g) => <tr key={g.from}><th scope="row" className="nowrap">{g.from}</th><td className="nowrap">{g.to}</td><td className="n">{count(g.rows)}</td><td>{g.kind === 'absent' ? 'no row, though the calendar has one' : 'row without a value'}</td></tr>)}</tbody>
        </table>
      </div>
      <div className="scroll short" tabIndex={0} role="group" aria-label="Outliers">
        <h3>Outliers, {count(a.outliers.length)}</h3>
        <table>
          <caption>Outliers</caption>
          <thead><tr><th scope="col">Date, UTC</th><th scope="col" className="n">Value</th><th scope="col" className="n">Expected</th></tr></thead>
          <tbody>{a.outliers.slice(0, 200).map((o) => <tr key={o.timestamp}><th scope="row" className="nowrap">{o.timestamp}</th><td className="n">{significant(o.value, 4)}</td><td className="n">{significant(o.expected, 4)}</td></tr>)}</tbody>
        </table>
      </div>
    </div>
  );
}
