import type { FanLayer, LineLayer, Values } from '../charts/spec';

/** A pair of levels p and 1 - p. */
export interface Interval { readonly nominal: number; readonly low: number; readonly high: number }

const wanted = [0.95, 0.8, 0.5];
const same = (a: number, b: number): boolean => Math.abs(a - b) < 1e-9;

/** Every central interval that the levels hold, widest first. */
export function intervals(levels: readonly number[]): Interval[] {
  return levels
    .filter((low) => low < 0.5)
    .flatMap((low) => levels.filter((high) => same(low + high, 1)).map((high) => ({ nominal: Number((high - low).toFixed(9)), low, high })))
    .sort((a, b) => b.nominal - a.nominal);
}

/** The intervals that a fan shows: those nearest to 50, 80 and 95 %, widest first; none is invented. */
export function rings(levels: readonly number[]): Interval[] {
  const all = intervals(levels);
  const found = new Set(wanted.flatMap((nominal) => nearestTo(all, nominal)));
  return all.filter((interval) => found.has(interval));
}

function nearestTo(all: readonly Interval[], nominal: number): Interval[] {
  const distance = (i: Interval): number => Math.abs(i.nominal - nominal);
  const nearest = all.reduce<Interval | null>((best, i) => (best === null || distance(i) < distance(best) ? i : best), null);
  return nearest === null ? [] : [nearest];
}

/** Levels that no partner makes an interval of, the median apart: they are drawn as thin lines. */
export const unpaired = (levels: readonly number[]): number[] => levels.filter((p) => !same(p, 0.5) && !levels.some((q) => same(p + q, 1)));

/** The values of a level, whatever way it is written as a key: "0.1", "0.10". */
export function curveOf(quantiles: Readonly<Record<string, Values>>, level: number): Values | undefined {
  const key = Object.keys(quantiles).find((k) => same(Number(k), level));
  return key === undefined ? undefined : quantiles[key];
}

/** A forecast as rings around its median, and what does not fit into rings as lines. */
export function fanLayers(quantiles: Readonly<Record<string, Values>>, mean: Values, x: number, color: string): (FanLayer | LineLayer)[] {
  const known = Object.keys(quantiles).map(Number).filter((p) => curveOf(quantiles, p)?.some((v) => v !== null) === true).sort((a, b) => a - b);
  const shown = rings(known);
  const curve = (p: number): Values => curveOf(quantiles, p) ?? [];
  const median = curveOf(quantiles, 0.5);
  const fan: FanLayer[] = shown.length === 0 ? [] : [{
    type: 'fan', x, color, key: 'fan', label: 'median', levels: shown.map((r) => r.nominal), low: shown.map((r) => curve(r.low)), high: shown.map((r) => curve(r.high)),
    ...(median === undefined ? {} : { median }),
  }];
  const lines: LineLayer[] = unpaired(known).map((p) => ({ type: 'line', x, y: curve(p), color, width: 1, label: `level ${p}` }));
  const lonely: LineLayer[] = shown.length > 0 || median === undefined ? [] : [{ type: 'line', x, y: median, color, width: 2, label: 'median' }];
  const means: LineLayer[] = median !== undefined && (shown.length > 0 || lonely.length > 0)
    ? []
    : [{ type: 'line', x, y: mean, color, width: 2, dash: 'dotted', label: 'mean' }];
  return [...fan, ...lines, ...lonely, ...means];
}

/** Outcomes outside the widest interval drawn. */
export function outside(actual: Values, quantiles: Readonly<Record<string, Values>>): boolean[] {
  const widest = rings(Object.keys(quantiles).map(Number).sort((a, b) => a - b))[0];
  const low = widest === undefined ? undefined : curveOf(quantiles, widest.low);
  const high = widest === undefined ? undefined : curveOf(quantiles, widest.high);
  return actual.map((y, i) => {
    const a = low?.[i];
    const b = high?.[i];
    return typeof y === 'number' && typeof a === 'number' && typeof b === 'number' && (y < a || y > b);
  });
}
