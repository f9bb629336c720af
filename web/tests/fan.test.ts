import { describe, expect, test } from 'vitest';
import type { ChartSpec, FanLayer } from '../src/charts/spec';
import { ringOpacity } from '../src/charts/layers/fan';
import { runs } from '../src/charts/layers/shared';
import { seriesChart } from '../src/explore/seriesChart';
import { serves, stretchOf, stretchText, withMargin } from '../src/explore/window';
import { EventSplitter } from '../src/api/fetchSource';
import { csvOf, sheetOf } from '../src/charts/export';
import { zoned } from '../src/app/zone';
import { fanLayers, intervals, outside, rings, unpaired } from '../src/fan/rings';
import { foldChart, rollingChart, steps } from '../src/fan/runCharts';
import { niceAxis } from '../src/fan/scale';
import { keep } from '../src/fan/thin';

describe('rings', () => {
  test('pairs of levels, widest first', () => expect(intervals([0.05, 0.1, 0.5, 0.9, 0.95]).map((i) => i.nominal)).toEqual([0.9, 0.8]));
  test('those nearest to 50, 80 and 95 %, each once', () => {
    expect(rings([0.01, 0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975, 0.99]).map((i) => i.nominal)).toEqual([0.95, 0.9, 0.5]);
    expect(rings([0.1, 0.9]).map((i) => i.nominal)).toEqual([0.8]);
  });
  test('wider rings are lighter, at any two levels', () => {
    const shades = [0.2, 0.5, 0.6, 0.8, 0.9, 0.95, 0.98, 0.998].map(ringOpacity);
    shades.slice(1).forEach((shade, i) => expect((shades[i] ?? 0) - shade).toBeGreaterThan(0.005));
    expect(shades[1]).toBeCloseTo(0.45);
    expect(shades.at(-1)).toBeGreaterThan(0.09);
  });
  test('none is invented', () => expect([rings([0.5]), rings([0.1, 0.5]), rings([])]).toEqual([[], [], []]));
  test('a level without its partner is a line', () => expect(unpaired([0.01, 0.1, 0.5, 0.9])).toEqual([0.01]));
});

describe('fan layers', () => {
  const layers = fanLayers({ '0.1': [1, 2], '0.5': [2, 3], '0.90': [3, 4], '0.01': [0, 0] }, [2, 3], 1, 'model-1');
  test('low and high edges belong to their ring, however the level is written', () => expect(layers[0]).toMatchObject({ type: 'fan', levels: [0.8], low: [[1, 2]], high: [[3, 4]], median: [2, 3] }));
  test('an unpaired level is a thin line, and the mean stays away beside a median', () => expect(layers.slice(1)).toMatchObject([{ type: 'line', label: 'level 0.01', width: 1 }]));
  test('without quantiles there is the mean alone, dotted', () => expect(fanLayers({}, [1], 0, 'ink')).toMatchObject([{ type: 'line', label: 'mean', dash: 'dotted' }]));
  test('a level that the model does not have makes no ring', () => expect(fanLayers({ '0.1': [null], '0.5': [1], '0.9': [2] }, [1], 0, 'ink').filter((l) => l.type === 'fan')).toEqual([]));
  test('a missing step breaks a ring in two', () => expect(runs([[1, null, 2, 3], [4, 5, 6, 7]])).toEqual([[0, 1], [2, 4]]));
});

describe('outcomes outside', () => {
  test('strictly outside the widest ring; what is missing is neither', () => expect(outside([0, 1, 3, 5, null], { '0.1': [1, 1, 1, 1, 1], '0.9': [3, 3, 3, 3, 3] })).toEqual([true, false, false, true, false]));
  test('without an interval nothing is outside', () => expect(outside([9], { '0.5': [1] })).toEqual([false]));
});

describe('thinning', () => {
  test('keeps extremes and gaps, in order, under the limit', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? null : i === 1234 ? 99 : i === 8765 ? -99 : Math.sin(i)));
    const kept = keep([values], values.length, 300);
    expect(kept.length).toBeLessThanOrEqual(300);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect([1234, 4321, 8765].every((i) => kept.includes(i))).toBe(true);
  });
  test('a short list stays whole', () => expect(keep([[1, 2, 3]], 3, 10)).toEqual([0, 1, 2]));
});

describe('scale', () => {
  test('round ends that hold all values', () => expect(niceAxis([112, null, 622])).toEqual({ min: 0, max: 800, interval: 200 }));
  test('no room below zero for what is never negative', () => expect(niceAxis([0, 10])?.min).toBe(0));
  test('one value, and none', () => {
    const one = niceAxis([5]);
    expect(one === null ? null : one.min < 5 && one.max > 5).toBe(true);
    expect(niceAxis([null])).toBeNull();
  });
});

describe('charts', () => {
  const forecast = { model: 'm', series: 's', fold: 3, cutoff: '2024-01-01', h: [1, 2], timestamps: ['2024-02-01', '2024-03-01'], actual: [1, null], mean: [1, 1], quantiles: { '0.1': [2, 0], '0.5': [2, 1], '0.9': [3, 2] } };
  const series = { id: 's', unit: 'EUR', frequency: 'P1M' };
  test('steps carry their fold and their own quantiles', () => expect(steps([forecast])[1]).toEqual({ fold: 3, cutoff: '2024-01-01', time: '2024-03-01', actual: null, mean: 1, quantiles: { '0.1': 0, '0.5': 1, '0.9': 2 } }));
  test('a rolling chart marks the outcome outside and the missing one', () => {
    const chart = rollingChart(series, 'm', 'muted', steps([forecast]), null);
    expect(chart.layers.map((l) => l.type)).toEqual(['fan', 'line', 'points', 'lane']);
    expect(chart.xs[1]).toEqual([Date.UTC(2024, 1, 1)]);
    expect(chart.xs[2]).toEqual([Date.UTC(2024, 2, 1)]);
    expect(chart.description).toContain('1 outcomes lie outside');
  });
  test('a fold has its cutoff, its unit and its zone', () => {
    const chart = foldChart(series, 'm', 'muted', steps([forecast]), [[Date.UTC(2023, 11, 1), 4]], null);
    expect(chart.layers.find((l) => l.type === 'rule')).toMatchObject({ at: Date.UTC(2024, 0, 1), text: 'cutoff 2024-01-01' });
    expect([chart.x.name, chart.y.name]).toEqual(['Date, UTC', 'EUR']);
  });
  const overview = { id: 's', frequency: 'P1M', calendar: '24x7', rows: 4, from: 0, to: 4, each: 1, timestamps: ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01'], low: [1, 2, null, 3], high: [1, 2, null, 5], missing: [0, 0, 1, 0] };
  const drawn = seriesChart({
    overview, whole: { from: 0, to: 10 }, later: [], anatomy: null,
    overlays: [{ model: 'm', color: 'model-1', forecast: { id: 's', cutoff: '2024-04-01', timestamps: ['2024-05-01'], mean: [3], quantiles: { '0.1': [2], '0.9': [4] } } }],
  });
  test('a forecast begins after the last value, with a gap; a missing bucket breaks the line and is ticked; a bucket is two points', () => {
    expect(drawn.xs[0]).toHaveLength(5);
    expect(drawn.layers.find((l) => l.type === 'line' && l.key === 'actual')).toMatchObject({ y: [1, 2, null, 3, 5] });
    expect(drawn.xs[1]).toEqual([Date.UTC(2024, 2, 1)]);
    expect(drawn.xs[5]).toEqual([Date.UTC(2024, 4, 1)]);
    expect((drawn.layers[0] as FanLayer).x).toBe(5);
  });
  test('the table of a chart holds what the chart draws', () => {
    const csv = csvOf(sheetOf(drawn)).split('\n');
    expect(csv[0]).toBe('"Date, UTC",80 % low,80 % high,mean,actual');
    expect(csv).toContain('2024-02-01,,,,2');
    expect(csv).toContain('2024-05-01,2,4,3,');
  });
});

describe('ranges', () => {
  const whole = { from: 0, to: 1000 };
  test('what was read with a margin serves a pan within it, and no deep zoom', () => {
    const read = withMargin({ from: 400, to: 500 }, whole);
    expect(read).toEqual({ from: 300, to: 600 });
    expect(serves(read, { from: 480, to: 580 }, whole)).toBe(true);
    expect(serves(read, { from: 520, to: 620 }, whole)).toBe(false);
    expect(serves(read, { from: 440, to: 460 }, whole)).toBe(false);
  });
  test('a range in an address is read back', () => {
    const range = { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 2, 3, 4, 5) };
    expect(stretchText(range, true)).toBe('2024-01-01..2024-01-02T03:04:05Z');
    expect(stretchOf(stretchText(range, true))).toEqual(range);
    expect([stretchOf('5..9'), stretchOf('9..5'), stretchOf('a..b'), stretchOf(null)]).toEqual([{ from: 5, to: 9 }, null, null, null]);
  });
});

describe('server-sent events with a key', () => {
  test('pieces are put together, whatever they are cut at', () => {
    const splitter = new EventSplitter();
    expect(splitter.push('id: 1\nevent: progress\nda')).toEqual([]);
    expect(splitter.push('ta: {"a":1}\n\n: still there\n\nid: 2\nevent: succeeded\ndata: {}\n\n')).toEqual([{ id: '1', kind: 'progress', data: '{"a":1}' }, { id: '2', kind: 'succeeded', data: '{}' }]);
  });
});

describe('zones', () => {
  const chart = (xs: number[], clock: boolean): ChartSpec => ({ description: '', x: { kind: 'time', name: 'Date, UTC', clock }, y: { kind: 'number' }, xs: [xs], layers: [] });
  const hour = 3_600_000;
  test('clock times move by the zone, dates stay', () => {
    const noon = Date.UTC(2024, 6, 1, 12);
    expect(zoned(chart([noon], true), 'Europe/Berlin')).toMatchObject({ xs: [[noon + 2 * hour]], x: { name: 'Date, Europe/Berlin', zone: 'Europe/Berlin' } });
    expect(zoned(chart([noon], false), 'Europe/Berlin').xs).toEqual([[noon]]);
  });
  test('a range with the hour that autumn repeats is shown in UTC and says so', () => {
    const night = Date.UTC(2024, 9, 27, 0);
    const range = zoned(chart([night, night + hour, night + 2 * hour], true), 'Europe/Berlin');
    expect(range.xs).toEqual([[night, night + hour, night + 2 * hour]]);
    expect(range.x.name).toContain('repeat an hour');
  });
});
