import type { ChartSpec, Layer, Values } from '../charts/spec';
import type { Anatomy } from '../api/pageTypes';
import { hasClock, place } from '../format/times';

const unitOf = (a: Anatomy): string => (a.unit === undefined || a.unit === null || a.unit === '' ? 'unit not stated' : a.unit);
const dated = (a: Anatomy): boolean => a.frequency !== 'index';

export interface Season { readonly name: string; readonly labels: readonly string[]; readonly position: (index: number) => number; readonly cycle: (index: number) => string }

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const day = 86_400_000;

/** The season as people call it: months of a year, hours of a day; where it has no name, places of a cycle. */
export function seasonOf(a: Anatomy): Season | null {
  const at = (i: number): Date => new Date(place(a.timestamps[i] ?? '0'));
  const year = (i: number): string => String(at(i).getUTCFullYear());
  if (a.frequency === 'P1M' && a.period === 12) return { name: 'month', labels: months, position: (i) => at(i).getUTCMonth(), cycle: year };
  if (a.frequency === 'P3M' && a.period === 4) return { name: 'quarter', labels: ['Q1', 'Q2', 'Q3', 'Q4'], position: (i) => Math.floor(at(i).getUTCMonth() / 3), cycle: year };
  if (a.frequency === 'PT1H' && a.period === 24) return { name: 'hour', labels: Array.from({ length: 24 }, (_, h) => String(h)), position: (i) => at(i).getUTCHours(), cycle: (i) => at(i).toISOString().slice(0, 10) };
  if ((a.frequency === 'P1D' && a.period === 7) || (a.frequency === 'B' && a.period === 5)) {
    return { name: 'weekday', labels: weekdays.slice(0, a.period), position: (i) => (at(i).getUTCDay() + 6) % 7, cycle: (i) => `week of ${new Date(Math.floor((at(i).getTime() / day + 3) / 7) * 7 * day - 3 * day).toISOString().slice(0, 10)}` };
  }
  if (a.period < 2 || a.period > 400) return null;
  return { name: 'place in the season', labels: Array.from({ length: a.period }, (_, k) => String(k + 1)), position: (i) => (a.from + i) % a.period, cycle: (i) => `season ${Math.floor((a.from + i) / a.period) + 1}` };
}

/** Cycles that a season plot shows; the last one in ink. */
const mostCycles = 12;

/** A line a cycle, from faint to full; the newest in ink. */
export function seasonChart(a: Anatomy, season: Season): ChartSpec {
  const cycles = new Map<string, (number | null)[]>();
  a.values.forEach((v, i) => {
    const p = season.position(i);
    if (p < 0 || p >= season.labels.length) return;
    const row = cycles.get(season.cycle(i)) ?? season.labels.map(() => null);
    row[p] = v;
    cycles.set(season.cycle(i), row);
  });
  const shown = [...cycles].slice(-mostCycles);
  return {
    description: `${a.id}: the last ${shown.length} cycles of the season, one line each over its ${season.name}; the newest is ${shown.at(-1)?.[0] ?? ''}.`,
    x: { kind: 'category', name: season.name, labels: season.labels },
    y: { kind: 'number', name: unitOf(a) },
    xs: [season.labels.map((_, i) => i)],
    layers: shown.map(([name, y], k): Layer => (k === shown.length - 1
      ? { type: 'line', x: 0, y, color: 'ink', width: 2, label: name }
      : { type: 'line', x: 0, y, color: 'model-1', width: 1, opacity: 0.25 + (0.6 * k) / shown.length, label: name })),
  };
}

/** The values of each place of the season side by side, in time, with their mean. */
export function subSeriesChart(a: Anatomy, season: Season): ChartSpec {
  const groups = season.labels.map((_, p) => a.values.flatMap((v, i) => (v !== null && season.position(i) === p ? [v] : [])));
  const longest = Math.max(1, ...groups.map((g) => g.length));
  const x = (p: number, k: number): number => p + 0.08 + (0.84 * k) / Math.max(1, longest - 1);
  const means = groups.map((g) => (g.length === 0 ? null : g.reduce((sum, v) => sum + v, 0) / g.length));
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  groups.forEach((g, p) => {
    g.forEach((v, k) => { xs.push(x(p, k)); ys.push(v); });
    xs.push(p + 0.98);
    ys.push(null);
  });
  const meanXs = groups.flatMap((_, p) => [p + 0.08, p + 0.92, p + 0.96]);
  return {
    description: `${a.id}: values of each ${season.name} in time, with their means: ${season.labels.map((label, p) => `${label} ${means[p]?.toPrecision(4) ?? 'none'}`).slice(0, 24).join(', ')}.`,
    x: { kind: 'number', name: season.name, min: 0, max: season.labels.length, interval: 1, labels: season.labels },
    y: { kind: 'number', name: unitOf(a) },
    xs: [xs, meanXs],
    layers: [
      { type: 'line', x: 0, y: ys, color: 'model-1', width: 1, label: 'value' },
      { type: 'line', x: 1, y: means.flatMap((m) => [m, m, null]), color: 'ink', width: 2, label: 'mean' },
    ],
  };
}

/** One panel of the decomposition; all share the x axis, each has its own scale. */
export function partChart(a: Anatomy, name: string, values: Values, color: string, last: boolean): ChartSpec {
  const axis = dated(a);
  return {
    description: `${a.id}: ${name}.`,
    x: { kind: axis ? 'time' : 'number', ...(last ? { name: axis ? 'Date, UTC' : 'Row' } : {}), clock: hasClock(a.frequency), ...(axis ? {} : { format: 'integer' as const }) },
    y: { kind: 'number', name: `${name}, ${unitOf(a)}` },
    xs: [a.timestamps.map(place)],
    layers: [name === 'remainder'
      ? { type: 'needles', x: 0, y: values, color, width: values.length > 400 ? 0.75 : 1.25, label: name }
      : { type: 'line', x: 0, y: values, color, width: 1.25, label: name }],
  };
}

/** Correlations as needles with the band of independence. */
export function correlationChart(a: Anatomy, name: string, values: Values): ChartSpec {
  const lags = values.map((_, k) => k + 1);
  const beyond = values.filter((v) => v !== null && Math.abs(v) > a.band).length;
  return {
    description: `${a.id}: ${name} of lags 1 to ${lags.length}; ${beyond} lie outside the 95 % band of independence, ±${a.band.toPrecision(2)}.`,
    x: { kind: 'number', name: 'lag, rows', format: 'integer', min: 0, max: lags.length + 1 },
    y: { kind: 'number', name, min: -1, max: 1, interval: 0.5 },
    xs: [lags],
    layers: [
      { type: 'needles', x: 0, y: values, color: 'model-1', width: 2, label: name },
      { type: 'rule', axis: 'y', at: 0, color: 'edge' },
      { type: 'rule', axis: 'y', at: a.band, color: 'muted', dash: 'dashed', text: '95 %' },
      { type: 'rule', axis: 'y', at: -a.band, color: 'muted', dash: 'dashed' },
    ],
  };
}
