import type { EChartsCoreOption } from 'echarts/core';
import type { SeriesOption } from 'echarts';
import type { ChartSpec, Layer } from './spec';
import { xAxis, yAxis } from './axes';
import { color, fontFamily } from './palette';
import { tooltip } from './tooltip';
import { bandSeries, fanSeries } from './layers/fan';
import { barsSeries, lineSeries, needlesSeries, pointsSeries, whiskersSeries } from './layers/marks';
import { diagonalSeries, laneSeries, ruleSeries, spanSeries, yTitle } from './layers/guides';

function layerSeries(layer: Layer, spec: ChartSpec): SeriesOption[] {
  const xs = 'x' in layer ? spec.xs[layer.x] ?? [] : [];
  switch (layer.type) {
    case 'fan': return fanSeries(layer, xs);
    case 'line': return lineSeries(layer, xs);
    case 'points': return pointsSeries(layer, xs);
    case 'needles': return needlesSeries(layer, xs);
    case 'bars': return barsSeries(layer);
    case 'band': return bandSeries(layer, xs);
    case 'whiskers': return whiskersSeries(layer);
    case 'rule': return ruleSeries(layer);
    case 'diagonal': return diagonalSeries(layer);
    case 'span': return spanSeries(layer);
    case 'lane': return laneSeries(layer, xs);
  }
}

/** The ECharts option of a chart; layers whose key is hidden are left out, the axes stay as they were. */
export function chartOption(spec: ChartSpec, hidden: ReadonlySet<string>, width: number): EChartsCoreOption {
  const shown = spec.layers.filter((layer) => layer.key === undefined || !hidden.has(layer.key));
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily, color: color('ink') },
    aria: { enabled: true, label: { enabled: true, description: spec.description }, decal: { show: spec.layers.filter((l) => l.type === 'bars').length > 1 } },
    grid: { left: 6, right: 18, top: spec.y.name === undefined ? 12 : 30, bottom: spec.x.name === undefined ? 4 : 24, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: tooltip(spec, hidden),
    xAxis: xAxis(spec.x, width),
    yAxis: yAxis(spec.y, width),
    ...(spec.zoom === true
      ? { dataZoom: [{ type: 'inside', xAxisIndex: 0, filterMode: 'none', zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false, moveOnMouseMove: true, preventDefaultMouseMove: false }] }
      : {}),
    series: [...(spec.y.name === undefined ? [] : yTitle(spec.y.name)), ...shown.flatMap((layer) => layerSeries(layer, spec))],
  };
}
