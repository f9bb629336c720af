import type { ChartSpec, Layer, LineLayer } from '../charts/spec';
import type { SeriesForecast } from '../api/types';
import type { Anatomy, Overview } from '../api/pageTypes';
import { curveOf, fanLayers } from '../fan/rings';
import { hasClock, place, when } from '../format/times';
import type { Stretch } from './window';

/** A forecast beside the series, with what came true where it was held back. */
export interface Overlay { readonly model: string; readonly color: string; readonly forecast: SeriesForecast }

export interface Known { readonly time: string; readonly value: number | null }

interface Parts {
  readonly overview: Overview;
  readonly whole: Stretch;
  readonly overlays: readonly Overlay[];
  /** Values after the cutoff that the models did not see. */
  readonly later: readonly Known[];
  readonly anatomy: Anatomy | null;
}

/** A bucket as two points, its smallest and its largest value; one where they are the same. Buckets without a value break the line. */
function zigzag(overview: Overview): { xs: number[]; ys: (number | null)[]; missing: number[] } {
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  const missing: number[] = [];
  let up = true;
  overview.timestamps.forEach((time, i) => {
    const x = place(time);
    const low = overview.low[i] ?? null;
    const high = overview.high[i] ?? null;
    if ((overview.missing[i] ?? 0) > 0) missing.push(x);
    if (low === null || high === null) { xs.push(x); ys.push(null); return; }
    if (low === high) { xs.push(x); ys.push(low); return; }
    xs.push(x, x);
    ys.push(up ? low : high, up ? high : low);
    up = !up;
  });
  return { xs, ys, missing };
}

const edges = [0.1, 0.9] as const;

/** Beside the one full fan the others show their median and the edges of 80 %. */
function thin(overlay: Overlay, x: number): Layer[] {
  const { forecast, color, model } = overlay;
  const quantiles = forecast.quantiles ?? {};
  const middle = curveOf(quantiles, 0.5) ?? forecast.mean ?? [];
  const edge = edges.flatMap((p): LineLayer[] => {
    const y = curveOf(quantiles, p);
    return y === undefined ? [] : [{ type: 'line', x, y, color, width: 1, dash: 'dashed', label: `${model}, ${p * 100} %`, key: model }];
  });
  return [{ type: 'line', x, y: middle, color, width: 2, label: model, key: model }, ...edge];
}

export function seriesChart({ overview, whole, overlays, later, anatomy }: Parts): ChartSpec {
  const dated = overview.frequency !== 'index';
  const clock = hasClock(overview.frequency);
  const { xs, ys, missing } = zigzag(overview);
  const held = later.map((k) => place(k.time));
  const ahead = overlays.map((o) => o.forecast.timestamps?.map(place) ?? []);
  const outliers = (anatomy?.outliers ?? []).filter((o) => place(o.timestamp) >= (xs[0] ?? 0) && place(o.timestamp) <= (xs.at(-1) ?? 0));
  const absent = (anatomy?.gaps ?? []).flatMap((g) => [place(g.from), place(g.to)]);
  const cutoff = overlays[0]?.forecast.cutoff ?? null;
  const unit = overview.unit === undefined || overview.unit === null || overview.unit === '' ? 'unit not stated' : overview.unit;
  const first = overlays[0];
  return {
    description: `${overview.id}, ${overview.rows} rows${overview.each > 1 ? `, in buckets of ${overview.each}` : ''}${overlays.length === 0 ? '' : `, and forecasts by ${overlays.map((o) => o.model).join(', ')}`}; ${missing.length} places with missing values, ${outliers.length} outliers.`,
    x: { kind: dated ? 'time' : 'number', name: dated ? 'Date, UTC' : 'Row', clock, min: whole.from, max: whole.to, ...(dated ? {} : { format: 'integer' as const }) },
    y: { kind: 'number', name: unit },
    xs: [xs, missing, held, outliers.map((o) => place(o.timestamp)), absent, ...ahead],
    zoom: true,
    layers: [
      ...(first === undefined ? [] : fanLayers(first.forecast.quantiles ?? {}, first.forecast.mean ?? [], 5, first.color)),
      ...overlays.slice(1).flatMap((overlay, i) => thin(overlay, 6 + i)),
      { type: 'line', x: 0, y: ys, color: 'ink', width: xs.length > 400 ? 1 : 1.5, label: overview.each > 1 ? 'low to high' : 'actual', key: 'actual' },
      ...(held.length === 0 ? [] : [{ type: 'line', x: 2, y: later.map((k) => k.value), color: 'ink', width: 1, symbol: 'circle', label: 'came true', key: 'actual' } as const]),
      ...(outliers.length === 0 ? [] : [{ type: 'points', x: 3, y: outliers.map((o) => o.value), symbol: 'diamond', size: 8, color: 'bad', label: 'outlier', key: 'outliers' } as const]),
      ...(cutoff === null ? [] : [{ type: 'rule', axis: 'x', at: place(cutoff), color: 'muted', dash: 'dashed', text: `cutoff ${dated ? when(cutoff, clock) : cutoff}` } as const]),
      ...(missing.length === 0 ? [] : [{ type: 'lane', x: 1, color: 'warn' } as const]),
      ...(absent.length === 0 ? [] : [{ type: 'lane', x: 4, color: 'warn' } as const]),
    ],
  };
}
