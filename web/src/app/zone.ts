import type { ChartSpec } from '../charts/spec';

/** Zones that the bar offers: UTC, the browser's own, and the one chosen before. */
export function zones(chosen: string): readonly string[] {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(['UTC', own, chosen, 'America/New_York', 'Europe/Berlin', 'Europe/London', 'Asia/Tokyo'])].filter((zone) => zone !== '');
}

const hour = 3_600_000;

/** Minutes by which the clocks of a zone are ahead of UTC, in milliseconds; looked up once for each hour. */
export function offsets(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });
  const known = new Map<number, number>();
  return (instant) => {
    const key = Math.floor(instant / hour);
    const found = known.get(key);
    if (found !== undefined) return found;
    const at = new Date(key * hour);
    const parts = Object.fromEntries(format.formatToParts(at).map((p) => [p.type, Number(p.value)]));
    const wall = Date.UTC(parts['year'] ?? 1970, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0);
    const offset = wall - key * hour;
    known.set(key, offset);
    return offset;
  };
}

/**
 * A chart whose times are the wall clock of a zone. Dates without a clock belong to a calendar, not to a zone, and stay. A range that
 * holds the hour that autumn repeats would fold back on itself: it is shown in UTC, and says so.
 */
export function zoned(spec: ChartSpec, zone: string): ChartSpec {
  if (zone === 'UTC' || spec.x.kind !== 'time' || spec.x.clock !== true) return spec;
  const ahead = offsets(zone);
  const shift = (t: number): number => t + ahead(t);
  const xs = spec.xs.map((list) => list.map(shift));
  const folds = xs.some((list, i) => list.some((t, k) => k > 0 && t <= (list[k - 1] ?? -Infinity) && (spec.xs[i]?.[k] ?? 0) > (spec.xs[i]?.[k - 1] ?? 0)));
  if (folds) return { ...spec, x: { ...spec.x, name: `Date, UTC (the clocks of ${zone} repeat an hour here)` } };
  return {
    ...spec,
    x: { ...spec.x, name: `Date, ${zone}`, zone, ...(spec.x.min === undefined ? {} : { min: shift(spec.x.min) }), ...(spec.x.max === undefined ? {} : { max: shift(spec.x.max) }) },
    xs,
    layers: spec.layers.map((layer) => {
      switch (layer.type) {
        case 'rule': return layer.axis === 'x' ? { ...layer, at: shift(layer.at) } : layer;
        case 'span': return { ...layer, from: shift(layer.from), to: shift(layer.to) };
        default: return layer;
      }
    }),
  };
}
