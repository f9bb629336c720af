import type { ForecastRequest, SeriesData, SeriesInput } from '../api/types';

/** Quantile levels of central intervals given in percent, with the median: "80,95" is 0.025, 0.1, 0.5, 0.9, 0.975. */
export function levelsOf(intervals: string | null): number[] {
  const asked = (intervals ?? '50,80,95').split(',').map(Number).filter((p) => p > 0 && p < 100);
  const round = (p: number): number => Number(p.toFixed(9));
  const levels = asked.flatMap((p) => [round((100 - p) / 200), round((100 + p) / 200)]);
  return [...new Set([...levels, 0.5])].sort((a, b) => a - b);
}

/** Asks for a forecast of a whole series. Dates are sent with every row, since holidays leave gaps that a start alone cannot tell. */
export function forecastRequest(series: SeriesData, model: string, horizon: number, levels: readonly number[]): ForecastRequest {
  const { calendar } = series;
  return {
    model,
    frequency: series.frequency,
    ...(calendar === undefined || calendar === null ? {} : { calendar }),
    horizon,
    levels,
    series: [inputOf(series)],
  };
}

function inputOf(series: SeriesData): SeriesInput {
  const { id, unit, timestamps, values } = series;
  return { id, ...(unit === undefined || unit === null || unit === '' ? {} : { unit }), timestamps, values };
}

/** The same request with at most the last rows of its series, for showing: a command that nobody can read helps nobody. */
export function shortened(request: ForecastRequest, rows: number): { readonly request: ForecastRequest; readonly left: number } {
  const most = Math.max(0, ...request.series.map((s) => s.values.length));
  return most <= rows
    ? { request, left: 0 }
    : { request: { ...request, series: request.series.map((s) => ({ ...s, ...(s.timestamps === undefined ? {} : { timestamps: s.timestamps.slice(-rows) }), values: s.values.slice(-rows) })) }, left: most - rows };
}
