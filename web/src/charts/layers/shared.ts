import type { CustomSeriesOption, CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams, CustomSeriesRenderItemReturn } from 'echarts';
import type { Values } from '../spec';

export type Point = [number, number];

/** The rectangle of the plot in pixels. */
export interface Box { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

export type Draw = (api: CustomSeriesRenderItemAPI, index: number, box: Box) => object[];

/** Index ranges [from, to) over which every list has a value: what one unbroken mark may cover. */
export function runs(lists: readonly Values[]): [number, number][] {
  const found: [number, number][] = [];
  const length = lists[0]?.length ?? 0;
  let from = -1;
  for (let i = 0; i <= length; i++) {
    const whole = i < length && lists.every((list) => list[i] !== null && list[i] !== undefined);
    if (whole && from < 0) from = i;
    if (!whole && from >= 0) {
      found.push([from, i]);
      from = -1;
    }
  }
  return found;
}

/** Smallest and largest value of the lists within a range. */
export function extent(lists: readonly Values[], from: number, to: number): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists) {
    for (let i = from; i < to; i++) {
      const value = list[i];
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}

export function pixel(api: CustomSeriesRenderItemAPI, x: number, y: number): Point {
  const [px, py] = api.coord([x, y]);
  return [px ?? 0, py ?? 0];
}

/**
 * A custom series. `rows` are [x from, x to, y from, y to] of each item, so that the axes know the room it needs; drawing itself
 * reads the layer, not the rows. A layer outside the scales passes `'none'`.
 */
export function custom(rows: readonly (readonly number[])[], draw: Draw, options: { z: number; clip?: boolean; free?: boolean }): CustomSeriesOption {
  return {
    type: 'custom',
    // A guide has no say in the range of the axes: its rows hold nothing that they could count.
    data: rows.map((row) => (options.free === true ? row.map(() => NaN) : [...row])),
    dimensions: ['x0', 'x1', 'y0', 'y1'],
    encode: { x: [0, 1], y: [2, 3] },
    clip: options.clip ?? true,
    silent: true,
    z: options.z,
    tooltip: { show: false },
    renderItem: (params: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) => ({
      type: 'group',
      children: draw(api, params.dataIndex, params.coordSys as unknown as Box),
    }) as CustomSeriesRenderItemReturn,
  };
}
