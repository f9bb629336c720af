/** A y axis that holds all values with a little room, its ends multiples of a round step, so that panels can share it. */
export function niceAxis(values: Iterable<number | null | undefined>, ticks = 5): { min: number; max: number; interval: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return null;
  const span = high > low ? high - low : Math.abs(high) || 1;
  const rough = span / ticks;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const interval = ([1, 2, 2.5, 5, 10].find((m) => m * magnitude >= rough) ?? 10) * magnitude;
  const round = (value: number): number => Number(value.toPrecision(12));
  const min = Math.floor((low - span * 0.02) / interval) * interval;
  const max = Math.ceil((high + span * 0.02) / interval) * interval;
  // Room below zero means nothing for values that are never negative.
  return { min: round(low >= 0 && min < 0 ? 0 : min), max: round(max), interval: round(interval) };
}
