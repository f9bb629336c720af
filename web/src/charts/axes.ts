import type { Axis } from './spec';
import { color } from './palette';
import { formatValue } from './format';

const labels = () => ({ color: color('muted'), fontSize: 12, hideOverlap: true }) as const;
const lines = () => ({ show: true, lineStyle: { color: color('edge'), width: 1 } }) as const;

function fixedRange(axis: Axis): Record<string, unknown> {
  return {
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    ...(axis.interval === undefined ? {} : { interval: axis.interval }),
  };
}

/** About as many labels as fit: too many, and the ones dropped for overlap may be the years. */
export const timeTicks = (width: number): number => Math.max(2, Math.round(width / 105));

/** The horizontal axis: real time, numbers, or names. */
export function xAxis(axis: Axis, width: number): Record<string, unknown> {
  const common = {
    axisLine: { ...lines(), onZero: false },
    axisTick: { show: true, lineStyle: { color: color('edge') } },
    splitLine: { show: false },
    name: axis.name ?? '',
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color: color('muted'), fontSize: 12 },
    ...fixedRange(axis),
  };
  switch (axis.kind) {
    case 'time':
      return {
        ...common,
        type: 'time',
        splitNumber: timeTicks(width),
        boundaryGap: ['1%', '1%'],
        axisLabel: {
          ...labels(),
          alignMinLabel: 'left',
          alignMaxLabel: 'right',
          rich: { year: { fontWeight: 'bold', color: color('ink'), fontSize: 12 } },
          formatter: {
            year: '{year|{yyyy}}', month: '{MMM}', day: '{d} {MMM}', hour: '{HH}:{mm}', minute: '{HH}:{mm}', second: '{HH}:{mm}:{ss}', millisecond: '{HH}:{mm}:{ss}', none: '{d} {MMM} {HH}:{mm}',
          },
        },
      };
    case 'category':
      return { ...common, type: 'category', data: axis.labels ?? [], axisLabel: labels() };
    default:
      // Names of unit cells stand at their left edges.
      return { ...common, type: 'value', scale: true, axisLabel: { ...labels(), formatter: (v: number) => (axis.labels === undefined ? formatValue(v, axis.format) : axis.labels[v] ?? '') } };
  }
}

/** The vertical axis; its title is a layer of its own, since the axis would clip it (`yTitle`). */
export function yAxis(axis: Axis, width: number): Record<string, unknown> {
  if (axis.kind === 'category')
    return { type: 'category', inverse: true, data: axis.labels ?? [], axisLine: { show: false }, axisTick: { show: false }, axisLabel: { ...labels(), color: color('ink'), width: Math.min(180, width * 0.36), overflow: 'break' }, splitLine: { show: false } };
  return {
    type: 'value',
    scale: true,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: color('grid'), width: 1 } },
    axisLabel: { ...labels(), formatter: (v: number) => formatValue(v, axis.format) },
    ...fixedRange(axis),
  };
}
