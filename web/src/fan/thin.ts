import type { Values } from '../charts/spec';

/** Most points of a curve that a chart draws. */
export const mostPoints = 2000;

/**
 * Ascending places to keep of a long list, at most `limit`: of each bucket those of the smallest and the largest value of every
 * curve, so that no extreme is lost, and one that is missing, so that no gap closes.
 */
export function keep(curves: readonly Values[], length: number, limit: number): number[] {
  if (length <= limit) return Array.from({ length }, (_, i) => i);
  const buckets = Math.max(1, Math.floor(limit / (2 * curves.length + 1)));
  const kept = new Set<number>();
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * length) / buckets);
    const to = Math.floor(((b + 1) * length) / buckets);
    for (const curve of curves) extremes(curve, from, to).forEach((i) => kept.add(i));
  }
  return [...kept].sort((a, b) => a - b);
}

function extremes(curve: Values, from: number, to: number): number[] {
  let low = -1;
  let high = -1;
  let missing = -1;
  for (let i = from; i < to; i++) {
    const value = curve[i];
    if (value === null || value === undefined) missing = i;
    else {
      if (low < 0 || value < (curve[low] ?? 0)) low = i;
      if (high < 0 || value > (curve[high] ?? 0)) high = i;
    }
  }
  return [low, high, missing].filter((i) => i >= 0);
}

export const pick = <T>(list: readonly T[], places: readonly number[]): T[] => places.map((i) => list[i] as T);
