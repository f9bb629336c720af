import type { SeriesOption } from 'echarts';
import type { BarsLayer, Dash, LineLayer, NeedlesLayer, PointsLayer, Symbol, Values, WhiskersLayer } from '../spec';
import { color } from '../palette';
import { custom, pixel, type Draw } from './shared';

/** Dash patterns in pixels: wide enough to be told apart in print. */
export function dashPattern(dash: Dash | undefined): number[] | 'solid' {
  if (dash === 'dashed') return [6, 4];
  return dash === 'dotted' ? [2, 3] : 'solid';
}

const shapes: Readonly<Record<Symbol, string>> = {
  circle: 'circle',
  ring: 'emptyCircle',
  diamond: 'emptyDiamond',
  square: 'rect',
  triangle: 'triangle',
  down: 'path://M0,0L10,0L5,9Z',
};

const pairs = (xs: readonly number[], ys: Values): [number, number][] => xs.map((x, i) => [x, ys[i] ?? null]) as [number, number][];

export function lineSeries(layer: LineLayer, xs: readonly number[]): SeriesOption[] {
  return [{
    type: 'line',
    data: pairs(xs, layer.y),
    connectNulls: false,
    showSymbol: layer.symbol !== undefined || xs.length === 1,
    symbol: shapes[layer.symbol ?? 'circle'],
    symbolSize: 6,
    ...(layer.step === true ? { step: 'end' as const } : {}),
    lineStyle: { color: color(layer.color), width: layer.width ?? 1.5, type: dashPattern(layer.dash), opacity: layer.opacity ?? 1 },
    itemStyle: { color: color(layer.color) },
    z: 4,
    emphasis: { disabled: true },
  }];
}

export function pointsSeries(layer: PointsLayer, xs: readonly number[]): SeriesOption[] {
  return [{
    type: 'scatter',
    data: pairs(xs, layer.y).filter((pair) => pair[1] !== null),
    symbol: shapes[layer.symbol],
    symbolSize: layer.size,
    itemStyle: { color: color(layer.color), borderColor: color(layer.color), borderWidth: 1.5 },
    z: 5,
    emphasis: { disabled: true },
  }];
}

/** Strokes from zero. The invisible line under them gives the pointer something to find. */
export function needlesSeries(layer: NeedlesLayer, xs: readonly number[]): SeriesOption[] {
  const shown = xs.map((x, i) => [x, layer.y[i] ?? null] as const).filter((pair): pair is readonly [number, number] => pair[1] !== null);
  const draw: Draw = (api, index) => {
    const [x, y] = shown[index] ?? [0, 0];
    const [px, from] = pixel(api, x, 0);
    const [, to] = pixel(api, x, y);
    return [{ type: 'line', shape: { x1: px, y1: from, x2: px, y2: to }, style: { stroke: color(layer.color), lineWidth: layer.width ?? 1 } }];
  };
  return [
    custom(shown.map(([x, y]) => [x, x, Math.min(0, y), Math.max(0, y)]), draw, { z: 2 }),
    { type: 'line', data: pairs(xs, layer.y), showSymbol: false, silent: true, lineStyle: { opacity: 0 }, itemStyle: { opacity: 0 }, emphasis: { disabled: true } },
  ];
}

export function barsSeries(layer: BarsLayer): SeriesOption[] {
  const rows = layer.from.map((from, i) => [from, layer.to[i] ?? from, 0, layer.y[i] ?? 0]);
  const draw: Draw = (api, index) => {
    const [from = 0, to = 0, , height = 0] = rows[index] ?? [];
    const [left, foot] = pixel(api, from, 0);
    const [right, top] = pixel(api, to, height);
    return [{
      type: 'rect',
      shape: { x: left + 1, y: top, width: Math.max(0, right - left - 2), height: Math.max(0, foot - top) },
      style: { fill: color(layer.color), opacity: 0.75, stroke: color(layer.color), lineWidth: 1 },
    }];
  };
  const middles = rows.map(([from = 0, to = 0, , height = 0]) => [(from + to) / 2, height]);
  return [
    custom(rows, draw, { z: 2 }),
    { type: 'line', data: middles, showSymbol: false, silent: true, lineStyle: { opacity: 0 }, itemStyle: { opacity: 0 }, emphasis: { disabled: true } },
  ];
}

export function whiskersSeries(layer: WhiskersLayer): SeriesOption[] {
  const low = layer.low ?? layer.value;
  const high = layer.high ?? layer.value;
  const draw: Draw = (api) => {
    const hue = color(layer.color);
    const [x, y] = pixel(api, layer.value, layer.row);
    const [x1] = pixel(api, low, layer.row);
    const [x2] = pixel(api, high, layer.row);
    const stroke = { stroke: hue, lineWidth: 2 };
    const bar = layer.low === null || layer.high === null ? [] : [
      { type: 'line', shape: { x1, y1: y, x2, y2: y }, style: stroke },
      { type: 'line', shape: { x1, y1: y - 4, x2: x1, y2: y + 4 }, style: stroke },
      { type: 'line', shape: { x1: x2, y1: y - 4, x2, y2: y + 4 }, style: stroke },
    ];
    return [...bar, { type: 'circle', shape: { cx: x, cy: y, r: 5 }, style: { fill: hue } }];
  };
  return [
    custom([[low, high, layer.row, layer.row]], draw, { z: 3 }),
    { type: 'scatter', data: [[layer.value, layer.row]], symbolSize: 24, itemStyle: { opacity: 0 }, emphasis: { disabled: true } },
  ];
}
