import type { ChartSpec, Layer } from '../charts/spec';
import type { SeriesData, SeriesForecast } from '../api/types';
import { hasClock, place, when } from '../format/times';
import { fanLayers } from './rings';
import { keep, pick } from './thin';

/** Most points of a curve that a chart draws. */
export const mostPoints = 2000;

/** A series, and after its end what a model says of its future. Between the last value and the fan a gap is kept. */
export function forecastChart(series: SeriesData, forecast: SeriesForecast | null, recent: number | null): ChartSpec {
  const dated = series.frequency !== 'index';
  const clock = hasClock(series.frequency);
  const from = recent === null ? 0 : Math.max(0, series.values.length - recent);
  const values = series.values.slice(from);
  const times = series.timestamps.slice(from);
  const kept = keep([values], values.length, mostPoints);
  const past = pick(times, kept).map(place);
  const ahead = forecast?.timestamps?.map(place) ?? [];
  const missing = times.filter((_, i) => values[i] === null).map(place);
  const last = series.timestamps.at(-1);
  const cutoff: Layer[] = forecast === null || last === undefined ? [] : [
    { type: 'rule', axis: 'x', at: place(last), color: 'muted', dash: 'dashed', text: `cutoff ${dated ? when(last, clock) : last}` },
  ];
  return {
    description: describe(series, forecast),
    x: { kind: dated ? 'time' : 'number', name: dated ? 'Date, UTC' : 'Row', clock, ...(dated ? {} : { format: 'integer' as const }) },
    y: { kind: 'number', name: series.unit === undefined || series.unit === null || series.unit === '' ? 'unit not stated' : series.unit },
    xs: [past, ahead, missing],
    zoom: values.length > 60,
    layers: [
      ...(forecast === null ? [] : fanLayers(forecast.quantiles ?? {}, forecast.mean ?? [], 1, 'model-1')),
      { type: 'line', x: 0, y: pick(values, kept), color: 'ink', width: kept.length > 400 ? 1 : 1.5, label: 'actual', key: 'actual' },
      ...cutoff,
      ...(missing.length === 0 ? [] : [{ type: 'lane', x: 2, color: 'warn' } as const]),
    ],
  };
}

function describe(series: SeriesData, forecast: SeriesForecast | null): string {
  const shown = `${series.id}, ${series.values.length} rows`;
  return forecast === null ? `${shown}.` : `${shown}, and a forecast of ${forecast.timestamps?.length ?? 0} steps after the last one.`;
}
