import type { SeriesOption } from 'echarts';
import type { BandLayer, FanLayer, Values } from '../spec';
import { color } from '../palette';
import { custom, extent, pixel, runs, type Draw, type Point } from './shared';

const shades: readonly (readonly [level: number, opacity: number])[] = [[0.5, 0.45], [0.8, 0.28], [0.95, 0.15], [1, 0.1]];

/** Inner rings are darkest; by the nominal level, so that a 50 % ring looks the same in every chart and no two levels look alike. */
export function ringOpacity(level: number): number {
  const at = shades.findIndex(([upTo]) => level <= upTo);
  const [above, light] = shades[at] ?? [1, 0.1];
  const [below, dark] = shades[at - 1] ?? [0, 0.55];
  return dark + ((level - below) / (above - below)) * (light - dark);
}

/**
 * Rings do not overlap: each one is the polygon between its own edge and the edge of the next narrower interval, above and
 * below. Stacked areas would fail below zero and bridge gaps. One polygon a ring and unbroken run.
 */
export function fanSeries(layer: FanLayer, xs: readonly number[]): SeriesOption[] {
  const edges = [...layer.low, ...layer.high];
  const spans = runs(edges);
  const hue = color(layer.color);
  const dense = xs.length > 120;
  const draw: Draw = (api, index) => {
    const [from, to] = spans[index] ?? [0, 0];
    const curve = (values: Values | undefined): Point[] => {
      const points: Point[] = [];
      for (let i = from; i < to; i++) points.push(pixel(api, xs[i] ?? 0, values?.[i] ?? 0));
      return to - from === 1 ? widened(points) : points;
    };
    return layer.levels.flatMap((level, ring) => drawRing(layer, ring, level, hue, dense, curve));
  };
  const rows = spans.map(([from, to]) => [xs[from] ?? 0, xs[to - 1] ?? 0, ...extent(edges, from, to)]);
  return [
    custom(rows, draw, { z: 2 }),
    ...(layer.median === undefined ? [] : [median(layer.median, xs, hue, dense)]),
  ];
}

function drawRing(layer: FanLayer, ring: number, level: number, hue: string, dense: boolean, curve: (values: Values | undefined) => Point[]): object[] {
  const low = curve(layer.low[ring]);
  const high = curve(layer.high[ring]);
  const innermost = ring === layer.levels.length - 1;
  const polygons = innermost
    ? [[...high, ...low.reverse()]]
    : [[...high, ...curve(layer.high[ring + 1]).reverse()], [...curve(layer.low[ring + 1]), ...low.reverse()]];
  const fills = polygons.map((points) => ({ type: 'polygon', shape: { points }, style: { fill: hue, opacity: ringOpacity(level) } }));
  if (ring > 0 && dense) return fills;
  const outline = [high, curve(layer.low[ring])].map((points) => ({
    type: 'polyline',
    shape: { points },
    style: { stroke: hue, fill: null, lineWidth: ring === 0 ? 1 : 0.5, opacity: dense ? 0.7 : 1 },
  }));
  return [...fills, ...outline];
}

function widened(points: Point[]): Point[] {
  const [x, y] = points[0] ?? [0, 0];
  return [[x - 2.5, y], [x + 2.5, y]];
}

function median(values: Values, xs: readonly number[], hue: string, dense: boolean): SeriesOption {
  return {
    type: 'line',
    data: xs.map((x, i) => [x, values[i] ?? null]) as [number, number][],
    showSymbol: xs.length === 1,
    symbolSize: 5,
    connectNulls: false,
    lineStyle: { color: hue, width: dense ? 1.25 : 2 },
    itemStyle: { color: hue },
    z: 4,
    emphasis: { disabled: true },
  };
}

/** A plain band between two curves. */
export function bandSeries(layer: BandLayer, xs: readonly number[]): SeriesOption[] {
  const spans = runs([layer.low, layer.high]);
  const draw: Draw = (api, index) => {
    const [from, to] = spans[index] ?? [0, 0];
    const upper: Point[] = [];
    const lower: Point[] = [];
    for (let i = from; i < to; i++) {
      upper.push(pixel(api, xs[i] ?? 0, layer.high[i] ?? 0));
      lower.push(pixel(api, xs[i] ?? 0, layer.low[i] ?? 0));
    }
    return [{ type: 'polygon', shape: { points: [...upper, ...lower.reverse()] }, style: { fill: color(layer.color), opacity: layer.opacity } }];
  };
  return [custom(spans.map(([from, to]) => [xs[from] ?? 0, xs[to - 1] ?? 0, ...extent([layer.low, layer.high], from, to)]), draw, { z: 1 })];
}
