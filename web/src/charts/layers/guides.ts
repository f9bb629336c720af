import type { SeriesOption } from 'echarts';
import type { DiagonalLayer, LaneLayer, RuleLayer, SpanLayer } from '../spec';
import { color, fontFamily } from '../palette';
import { custom, pixel, type Draw } from './shared';
import { dashPattern } from './marks';

const caption = (text: string, x: number, y: number, hue: string, align: string, verticalAlign: string): object => ({
  type: 'text',
  style: { text, x, y, fill: hue, align, verticalAlign, font: `12px ${fontFamily}`, backgroundColor: `${color('surface')}D9`, padding: [1, 3] },
});

/** A line across the whole plot; its text stands inside the plot, on the side with room. */
export function ruleSeries(layer: RuleLayer): SeriesOption[] {
  const hue = color(layer.color);
  const draw: Draw = (api, _index, box) => {
    const upright = layer.axis === 'x';
    const [px, py] = upright ? pixel(api, layer.at, 0) : pixel(api, 0, layer.at);
    const shape = upright
      ? { x1: px, y1: box.y, x2: px, y2: box.y + box.height }
      : { x1: box.x, y1: py, x2: box.x + box.width, y2: py };
    const dash = dashPattern(layer.dash);
    const line = { type: 'line', shape, style: { stroke: hue, lineWidth: layer.width ?? 1, lineDash: dash === 'solid' ? null : dash } };
    if (layer.text === undefined) return [line];
    const leftSide = px > box.x + box.width / 2;
    return [line, upright
      ? caption(layer.text, px + (leftSide ? -4 : 4), box.y + 2, hue, leftSide ? 'right' : 'left', 'top')
      : caption(layer.text, box.x + box.width - 2, py - 3, hue, 'right', 'bottom')];
  };
  const row = layer.axis === 'x' ? [layer.at, layer.at, 0, 0] : [0, 0, layer.at, layer.at];
  return [custom([row], draw, { z: 3, free: true })];
}

/** The title of the y axis: horizontal, above the axis, at the left edge of the drawing. */
export function yTitle(text: string): SeriesOption[] {
  const draw: Draw = () => [{ type: 'text', style: { text, x: 0, y: 2, fill: color('muted'), align: 'left', verticalAlign: 'top', font: `12px ${fontFamily}` } }];
  return [custom([[0, 0, 0, 0]], draw, { z: 1, clip: false, free: true })];
}

export function diagonalSeries(layer: DiagonalLayer): SeriesOption[] {
  const draw: Draw = (api) => {
    const [x1, y1] = pixel(api, 0, 0);
    const [x2, y2] = pixel(api, 1, 1);
    return [{ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: color(layer.color), lineWidth: 1 } }];
  };
  return [custom([[0, 1, 0, 1]], draw, { z: 3, free: true })];
}

/** A bar along the foot of the plot. */
export function spanSeries(layer: SpanLayer): SeriesOption[] {
  const draw: Draw = (api, _index, box) => {
    const hue = color(layer.color);
    const [x1] = pixel(api, layer.from, 0);
    const [x2] = pixel(api, layer.to, 0);
    const left = Math.max(x1, box.x);
    const right = Math.min(x2, box.x + box.width);
    const top = box.y + box.height - 5;
    const bar = { type: 'rect', shape: { x: left, y: top, width: Math.max(0, right - left), height: 5 }, style: { fill: layer.hatched === true ? 'none' : hue, stroke: hue, lineWidth: 1, opacity: 0.8 } };
    const hatches: object[] = [];
    for (let x = left + 3; layer.hatched === true && x < right; x += 5)
      hatches.push({ type: 'line', shape: { x1: x, y1: top + 5, x2: Math.min(x + 4, right), y2: top }, style: { stroke: hue, lineWidth: 1 } });
    const text = layer.text === undefined || right - left < 60 ? [] : [caption(layer.text, left + 2, top - 2, color('muted'), 'left', 'bottom')];
    return [bar, ...hatches, ...text];
  };
  return [custom([[layer.from, layer.to, 0, 0]], draw, { z: 3, free: true })];
}

/** Short ticks at the foot of the plot, one a marked place. */
export function laneSeries(layer: LaneLayer, xs: readonly number[]): SeriesOption[] {
  const draw: Draw = (api, index, box) => {
    const [x] = pixel(api, xs[index] ?? 0, 0);
    const foot = box.y + box.height;
    return [{ type: 'line', shape: { x1: x, y1: foot - 9, x2: x, y2: foot }, style: { stroke: color(layer.color), lineWidth: 1.5 } }];
  };
  return [custom(xs.map((x) => [x, x, 0, 0]), draw, { z: 5, free: true })];
}
