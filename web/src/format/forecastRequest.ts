import type { ForecastRequest, SeriesData, SeriesInput } from '../api/types';

/** Quantile levels of central intervals given in percent, with the median: "80,95" is 0.025, 0.1, 0.5, 0.9, 0.975. */
export function levelsOf(intervals: string | null): number[] {
  const asked = (intervals ?? '50,80,95').split(',').map(Number).filter((p) => p > 0 && p < 100);
  const round = (p: number): number => Number(p.toFixed(9));
  const levels = asked.flatMap((p) => [round((100 - p) / 200), round((100 + p) / 200)]);
  return [...new Set([...levels, 0.5])].sort((a, b) => a - b);
}

/** True where the first date tells all others; business days have holidays, which a start alone cannot tell. */
const onGrid = (series: SeriesData): boolean =>
  series.frequency !== 'B' && (series.frequency !== 'P1D' || series.calendar === undefined || series.calendar === null || series.calendar === '24x7');

/** Asks for a forecast of a series, or of its last rows: a command that nobody can read helps nobody. */
export function forecastRequest(series: SeriesData, model: string, horizon: number, levels: readonly number[], rows = Infinity): ForecastRequest {
  const { calendar, id, unit } = series;
  const from = Math.max(0, series.values.length - rows);
  const timestamps = series.timestamps.slice(from);
  const input: SeriesInput = {
    id,
    ...(unit === undefined || unit === null || unit === '' ? {} : { unit }),
    ...(onGrid(series) ? { start: timestamps[0] ?? '' } : { timestamps }),
    values: series.values.slice(from),
  };
  return { model, frequency: series.frequency, ...(calendar === undefined || calendar === null ? {} : { calendar }), horizon, levels, series: [input] };
}
