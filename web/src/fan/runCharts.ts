import type { ChartSpec, Layer, Values } from '../charts/spec';
import type { Prediction } from '../api/types';
import { hasClock, place, when } from '../format/times';
import { fanLayers, outside } from './rings';
import { keep, mostPoints, pick } from './thin';

/** The series of a run as its charts name it. */
export interface Shown { readonly id: string; readonly unit?: string | null; readonly frequency: string }

export interface Range { readonly min: number; readonly max: number; readonly interval: number }

const unitOf = (series: Shown): string => (series.unit === undefined || series.unit === null || series.unit === '' ? 'unit not stated' : series.unit);

/** One step of a forecast and what came true. */
export interface Step {
  readonly fold: number;
  readonly cutoff: string;
  readonly time: string;
  readonly actual: number | null;
  readonly mean: number | null;
  readonly quantiles: Readonly<Record<string, number | null>>;
}

/** Every step of the forecasts, in their order. */
export function steps(forecasts: readonly Prediction[]): Step[] {
  return forecasts.flatMap((f) => f.timestamps.map((time, i) => ({
    fold: f.fold,
    cutoff: f.cutoff,
    time,
    actual: f.actual[i] ?? null,
    mean: f.mean[i] ?? null,
    quantiles: Object.fromEntries(Object.entries(f.quantiles).map(([level, values]) => [level, values[i] ?? null])),
  })));
}

/** Steps turned into curves: a list of values under each level. */
export function curves(rows: readonly Step[]): Readonly<Record<string, Values>> {
  const levels = new Set(rows.flatMap((row) => Object.keys(row.quantiles)));
  return Object.fromEntries([...levels].map((level) => [level, rows.map((row) => row.quantiles[level] ?? null)]));
}

const placeOf = (row: Step): number => place(row.time);

/** Every value that a chart of these rows draws, for a scale that all models of a series share. */
export function* drawn(rows: readonly Step[], widest: readonly [number, number] | null): Generator<number | null> {
  for (const row of rows) {
    yield row.actual;
    yield row.mean;
    if (widest === null) continue;
    for (const [level, value] of Object.entries(row.quantiles)) if (Number(level) >= widest[0] - 1e-9 && Number(level) <= widest[1] + 1e-9) yield value;
  }
}

/** Forecasts of one step as they were stated row after row, and what came true. */
export function rollingChart(series: Shown, model: string, color: string, rows: readonly Step[], range: Range | null): ChartSpec {
  const all = curves(rows);
  const actual = rows.map((row) => row.actual);
  const beyond = outside(actual, all);
  const levels = Object.values(all);
  const guide = levels.length > 0 ? [actual, levels[0] ?? actual, levels.at(-1) ?? actual] : [actual, rows.map((row) => row.mean)];
  const kept = keep(guide, rows.length, mostPoints);
  const thinned = Object.fromEntries(Object.entries(all).map(([level, values]) => [level, pick(values, kept)]));
  const hits = beyond.map((is, i) => (is ? i : -1)).filter((i) => i >= 0);
  const missing = rows.filter((row) => row.actual === null).map(placeOf);
  return {
    ...axes(series, range),
    description: `${series.id}, ${model}: ${rows.length} forecasts one row ahead with the outcomes; ${hits.length} outcomes lie outside the widest interval shown.`,
    xs: [pick(rows, kept).map(placeOf), hits.map((i) => placeOf(rows[i] as Step)), missing],
    zoom: rows.length > 60,
    layers: [
      ...fanLayers(thinned, pick(rows.map((row) => row.mean), kept), 0, color),
      { type: 'line', x: 0, y: pick(actual, kept), color: 'ink', width: kept.length > 150 ? 1 : 1.5, label: 'actual', key: 'actual' },
      { type: 'points', x: 1, y: hits.map((i) => actual[i] ?? null), symbol: 'diamond', size: 6, color: 'ink', key: 'outside' },
      ...(missing.length === 0 ? [] : [{ type: 'lane', x: 2, color: 'warn' } as const]),
    ],
  };
}

/** One fold: what could be read before the cutoff, the fan after it, and what came true. */
export function foldChart(series: Shown, model: string, color: string, fold: readonly Step[], history: readonly (readonly [number, number | null])[], range: Range | null): ChartSpec {
  const quantiles = curves(fold);
  const actual = fold.map((row) => row.actual);
  const beyond = outside(actual, quantiles);
  const clock = hasClock(series.frequency);
  const cutoff = fold[0]?.cutoff;
  const rule: Layer[] = cutoff === undefined ? [] : [{ type: 'rule', axis: 'x', at: place(cutoff), color: 'muted', dash: 'dashed', text: `cutoff ${series.frequency === 'index' ? cutoff : when(cutoff, clock)}` }];
  return {
    ...axes(series, range),
    description: `${series.id}, ${model}: forecast of ${fold.length} steps from ${cutoff ?? 'its cutoff'} with the outcomes; ${beyond.filter(Boolean).length} of ${fold.length} lie outside the widest interval shown.`,
    xs: [history.map(([x]) => x), fold.map(placeOf)],
    layers: [
      ...fanLayers(quantiles, fold.map((row) => row.mean), 1, color),
      { type: 'line', x: 0, y: history.map(([, y]) => y), color: 'ink', width: 1.5, label: 'actual', key: 'actual' },
      { type: 'line', x: 1, y: actual, color: 'ink', width: 1, label: 'actual', key: 'actual' },
      { type: 'points', x: 1, y: actual.map((y, i) => (beyond[i] === true ? null : y)), symbol: 'circle', size: 4, color: 'ink', key: 'actual' },
      { type: 'points', x: 1, y: actual.map((y, i) => (beyond[i] === true ? y : null)), symbol: 'diamond', size: 7, color: 'ink', key: 'actual' },
      ...rule,
    ],
  };
}

function axes(series: Shown, range: Range | null): Pick<ChartSpec, 'x' | 'y'> {
  const dated = series.frequency !== 'index';
  return {
    x: { kind: dated ? 'time' : 'number', name: dated ? 'Date, UTC' : 'Row', clock: hasClock(series.frequency), ...(dated ? {} : { format: 'integer' as const }) },
    y: { kind: 'number', name: unitOf(series), ...(range ?? {}) },
  };
}
