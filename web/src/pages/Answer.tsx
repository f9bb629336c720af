import { useMemo, type ReactElement } from 'react';
import { api } from '../api/client';
import { pages } from '../api/pages';
import type { ForecastAnswer, ForecastRequest, SeriesData, SeriesForecast } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { CopyBlock } from '../components/CopyBlock';
import { Problem } from '../components/States';
import { AnatomyPanel } from '../explore/AnatomyPanel';
import { Register } from '../explore/Register';
import { SeriesView } from '../explore/SeriesView';
import type { Known, Overlay } from '../explore/seriesChart';
import { curveOf } from '../fan/rings';
import { curl } from '../format/curl';
import { forecastRequest } from '../format/forecastRequest';
import { count, decimalsFor, fixed, level } from '../format/numbers';
import { hasClock, when } from '../format/times';

/** Rows that the command shows; a longer one is no use to read or paste. */
const shownRows = 500;

/** What a forecast asks for, beside the series. */
export interface Wish { readonly models: readonly string[]; readonly horizon: number; readonly levels: readonly number[]; readonly hold: boolean }

interface Said { readonly request: ForecastRequest; readonly answer: ForecastAnswer; readonly ms: number }

/** The series, what it is made of, and the forecasts that are asked for beside it. */
export function Answer({ dataset, series, wish }: { dataset: string; series: SeriesData; wish: Wish | null }): ReactElement {
  const query = useQuery();
  const cut = wish?.hold === true ? Math.max(1, series.values.length - wish.horizon) : series.values.length;
  const read = useMemo(() => (cut === series.values.length ? series : { ...series, values: series.values.slice(0, cut), timestamps: series.timestamps.slice(0, cut) }), [series, cut]);
  const key = wish === null ? null : JSON.stringify([wish, series.id, series.timestamps.length, series.timestamps.at(-1)]);
  const answer = useResource(key, async (signal) => Promise.all((wish?.models ?? []).map(async (model): Promise<Said> => {
    const request = forecastRequest(read, model, wish?.horizon ?? 1, wish?.levels ?? []);
    const began = performance.now();
    return { request, answer: await api.forecast(request, { signal }), ms: performance.now() - began };
  })));
  const anatomy = useResource(`anatomy/${dataset}/${series.id}`, (signal) => pages.anatomy(dataset, series.id, { signal }));
  const overlays = useMemo(() => (answer.data ?? []).flatMap(({ answer: said, request }, i): Overlay[] => {
    const own = said.series[0];
    return own === undefined || own.error || !own.timestamps ? [] : [{ model: request.model, color: `model-${(i % 6) + 1}`, forecast: own }];
  }), [answer.data]);
  const later = useMemo((): Known[] => (wish?.hold === true && overlays.length > 0 ? series.timestamps.slice(cut).map((time, i) => ({ time, value: series.values[cut + i] ?? null })) : []), [series, cut, wish?.hold, overlays]);
  const clock = hasClock(series.frequency);
  const at = (time: string | undefined): string => (time === undefined ? '' : series.frequency === 'index' ? time : when(time, clock));
  const first = answer.data?.[0];
  const own = overlays[0]?.forecast ?? null;

  return (
    <>
      <SeriesView dataset={dataset} series={series} overlays={overlays} later={later} anatomy={anatomy.data ?? null} busy={answer.busy} levels={wish?.levels ?? []} horizon={wish?.horizon ?? null}
        command={() => (first === undefined ? `curl -sS '${window.location.origin}/v1/datasets/${encodeURIComponent(dataset)}/series/${encodeURIComponent(series.id)}'` : curl(window.location.origin, '/v1/forecasts', forecastRequest(read, first.request.model, first.request.horizon, first.request.levels, shownRows)))}>
        {first !== undefined && own !== null && <p className="hint">{origin(own)} Answered in {Math.round(first.ms)} ms.{(own.repairs ?? 0) > 0 && ` ${own.repairs} of ${wish?.horizon} steps had crossed quantiles, which were re-ordered.`}{series.rows !== undefined && series.rows > series.values.length && ` The last ${count(series.values.length)} of ${count(series.rows)} rows were read.`}</p>}
      </SeriesView>
      {answer.error !== undefined && <Problem error={answer.error} what="There is no forecast." retry={answer.reload} />}
      {answer.data?.map(({ answer: said, request }) => {
        const failed = said.series[0]?.error;
        return failed && <div key={request.model} className="alert" role="alert"><p><b>There is no forecast of {series.id} by {request.model}.</b> {failed.detail}</p><p className="alert-foot"><code>{failed.type}</code></p></div>;
      })}
      {overlays.length > 0 && wish !== null && <Numbers overlays={overlays} levels={wish.levels} unit={series.unit ?? null} at={at} chosen={query.get('numbers')} choose={(model) => query.set({ numbers: model })} />}
      {first !== undefined && own !== null && <Command request={forecastRequest(read, first.request.model, first.request.horizon, first.request.levels, shownRows)} left={read.values.length - shownRows} />}
      {overlays.length > 0 && <Register key={overlays.map((o) => o.forecast.forecastId).join()} overlays={overlays} />}
      <AnatomyPanel anatomy={anatomy} />
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

interface NumbersProps {
  readonly overlays: readonly Overlay[];
  readonly levels: readonly number[];
  readonly unit: string | null;
  readonly at: (time: string | undefined) => string;
  readonly chosen: string | null;
  readonly choose: (model: string) => void;
}

/** The same numbers as the chart. */
function Numbers({ overlays, levels, unit, at, chosen, choose }: NumbersProps): ReactElement | null {
  const shown = overlays.find((o) => o.model === chosen) ?? overlays[0];
  if (shown === undefined) return null;
  const { forecast } = shown;
  const quantiles = forecast.quantiles ?? {};
  const columns = levels.map((p) => ({ name: p === 0.5 ? 'median' : level(p), values: curveOf(quantiles, p) ?? [] }));
  const all = [{ name: 'mean', values: forecast.mean ?? [] }, ...columns];
  const decimals = decimalsFor(all.flatMap((c) => [...c.values]), 4);
  return (
    <section className="panel" aria-label="Numbers">
      <div className="toolbar">
        <h2>Numbers</h2>
        {overlays.length > 1 && <label>Forecast by <select value={shown.model} onChange={(e) => choose(e.target.value)}>{overlays.map((o) => <option key={o.model}>{o.model}</option>)}</select></label>}
        <span className="muted">{unit === null || unit === '' ? 'unit not stated' : unit}; quantiles by their level</span>
      </div>
      <div className="scroll short" tabIndex={0} role="group" aria-label="Table of the forecast">
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
