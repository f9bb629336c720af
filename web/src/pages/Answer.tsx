import { useMemo, type ReactElement } from 'react';
import { api } from '../api/client';
import type { ForecastRequest, SeriesData, SeriesForecast } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { ChartCard } from '../components/ChartCard';
import { CopyBlock } from '../components/CopyBlock';
import { FanKey } from '../components/FanKey';
import { Problem } from '../components/States';
import { forecastChart } from '../fan/forecastChart';
import { curveOf } from '../fan/rings';
import { curl } from '../format/curl';
import { forecastRequest } from '../format/forecastRequest';
import { count, decimalsFor, fixed, level } from '../format/numbers';
import { hasClock, when } from '../format/times';

/** Rows that the command shows; a longer one is no use to read or paste. */
const shownRows = 500;

/** On a phone the same rows would be a scribble. */
const narrow = (): boolean => window.innerWidth < 640;

/** The series, and the forecast that is asked for beside it. */
export function Answer({ series, request }: { series: SeriesData; request: ForecastRequest | null }): ReactElement {
  const query = useQuery();
  const key = request === null ? null : JSON.stringify([request.model, request.horizon, request.levels, series.id, series.timestamps.length, series.timestamps.at(-1)]);
  const answer = useResource(key, async (signal) => {
    const began = performance.now();
    const said = await api.forecast(request as ForecastRequest, { signal });
    return { said, ms: performance.now() - began };
  });
  const own = answer.data?.said.series[0] ?? null;
  const forecast = own !== null && own.error === undefined && own.timestamps ? own : null;
  const recentRows = Math.max(narrow() ? 48 : 120, (narrow() ? 3 : 6) * (request?.horizon ?? 12));
  const whole = query.get('range') === 'all' || series.values.length <= recentRows;
  const spec = useMemo(() => forecastChart(series, forecast, whole ? null : recentRows), [series, forecast, whole, recentRows]);
  const clock = hasClock(series.frequency);
  const missing = series.values.filter((v) => v === null).length;
  const at = (time: string | undefined): string => (time === undefined ? '' : series.frequency === 'index' ? time : when(time, clock));

  return (
    <>
      <section className={`panel pad${answer.busy ? ' busy' : ''}`} aria-label="Chart" aria-busy={answer.busy}>
        <ChartCard title={series.id} spec={spec} height={340}
          subtitle={`n = ${count(series.values.length)}, ${at(series.timestamps[0])} to ${at(series.timestamps.at(-1))}${missing > 0 ? `, ${count(missing)} missing` : ''}`}>
          <div className="under-chart">
            <FanKey levels={forecast === null ? [] : request?.levels ?? []} outside={false} cutoff={forecast !== null} />
            {series.values.length > recentRows && (
              <div className="segments" role="group" aria-label="Range">
                <button type="button" aria-pressed={!whole} onClick={() => query.set({ range: null })}>last {recentRows} rows</button>
                <button type="button" aria-pressed={whole} onClick={() => query.set({ range: 'all' })}>all</button>
              </div>
            )}
          </div>
        </ChartCard>
        {answer.data !== undefined && forecast !== null && <p className="hint">{origin(forecast)} Answered in {Math.round(answer.data.ms)} ms.{(forecast.repairs ?? 0) > 0 && ` ${forecast.repairs} of ${request?.horizon} steps had crossed quantiles, which were re-ordered.`}</p>}
      </section>
      {answer.error !== undefined && <Problem error={answer.error} what="There is no forecast." retry={answer.reload} />}
      {own?.error && <div className="alert" role="alert"><p><b>There is no forecast of {own.id}.</b> {own.error.detail}</p><p className="alert-foot"><code>{own.error.type}</code></p></div>}
      {forecast !== null && request !== null && <Numbers forecast={forecast} levels={request.levels} unit={series.unit ?? null} at={at} />}
      {forecast !== null && request !== null && <Command request={forecastRequest(series, request.model, request.horizon, request.levels, shownRows)} left={series.values.length - shownRows} />}
    </>
  );
}

function origin(forecast: SeriesForecast): string {
  switch (forecast.origin) {
    case 'conditioned': return `Parameters were estimated before, on ${count(forecast.fit?.rows ?? 0)} rows; the newest values were read without a new fit.`;
    case 'cached': return 'Parameters were estimated before, on the same rows.';
    case 'fitted': return 'Parameters were estimated now.';
    default: return '';
  }
}

interface NumbersProps { readonly forecast: SeriesForecast; readonly levels: readonly number[]; readonly unit: string | null; readonly at: (time: string | undefined) => string }

/** The same numbers as the chart. */
function Numbers({ forecast, levels, unit, at }: NumbersProps): ReactElement {
  const quantiles = forecast.quantiles ?? {};
  const columns = levels.map((p) => ({ name: p === 0.5 ? 'median' : level(p), values: curveOf(quantiles, p) ?? [] }));
  const all = [{ name: 'mean', values: forecast.mean ?? [] }, ...columns];
  const decimals = decimalsFor(all.flatMap((c) => [...c.values]), 4);
  return (
    <section className="panel" aria-label="Numbers">
      <div className="toolbar"><h2>Numbers</h2><span className="muted">{unit === null || unit === '' ? 'unit not stated' : unit}; quantiles by their level</span></div>
      <div className="scroll short">
        <table>
          <caption>Forecast of {forecast.id}</caption>
          <thead><tr><th scope="col">Date, UTC</th>{all.map((c) => <th key={c.name} scope="col" className="n">{c.name}</th>)}</tr></thead>
          <tbody>{(forecast.timestamps ?? []).map((time, i) => (
            <tr key={time}><th scope="row" className="nowrap">{at(time).replace(' UTC', '')}</th>{all.map((c) => {
              const value = c.values[i];
              return <td key={c.name} className="n" title={typeof value === 'number' ? String(value) : 'the model does not give this'}>{typeof value === 'number' ? fixed(value, decimals) : '–'}</td>;
            })}</tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

function Command({ request, left }: { request: ForecastRequest; left: number }): ReactElement {
  return (
    <section className="panel pad" aria-label="The same with curl">
      <CopyBlock label="The same with curl" text={curl(window.location.origin, '/v1/forecasts', request)} />
      {left > 0 && <p className="hint">The command carries the last {count(shownRows)} rows; {count(left)} older ones, which the chart's forecast has read too, are left out.</p>}
    </section>
  );
}
