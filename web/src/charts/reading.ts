import type { ChartSpec, Layer, Values } from './spec';
import { formatPlace, formatValue } from './format';

/** One line of what a chart says at a place. */
export interface Reading { readonly label: string; readonly color: string; readonly text: string }

/** Index of the value nearest to `at` in an ascending list; -1 for an empty one. */
export function nearest(xs: readonly number[], at: number): number {
  let low = 0;
  let high = xs.length - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((xs[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return Math.abs((xs[low] ?? 0) - at) <= Math.abs((xs[high] ?? 0) - at) ? low : high;
}

/** What every labelled layer says at x, in the order drawn; a layer whose nearest point stands elsewhere says nothing. */
export function readAt(spec: ChartSpec, at: number, hidden: ReadonlySet<string>): { place: string; lines: Reading[] } {
  const place = nearestPlace(spec, at);
  const lines = spec.layers.flatMap((layer) => (layer.key !== undefined && hidden.has(layer.key) ? [] : readLayer(spec, layer, place)));
  return { place: formatPlace(place, spec.x), lines };
}

/** All x values with something to read, ascending. */
export function places(spec: ChartSpec): number[] {
  const all = new Set<number>();
  for (const layer of spec.layers) {
    if (layer.type === 'bars') layer.from.forEach((from, i) => all.add((from + (layer.to[i] ?? from)) / 2));
    else if ('x' in layer && layer.label !== undefined) spec.xs[layer.x]?.forEach((x) => all.add(x));
  }
  return [...all].sort((a, b) => a - b);
}

function nearestPlace(spec: ChartSpec, at: number): number {
  const all = places(spec);
  return all[nearest(all, at)] ?? at;
}

function readLayer(spec: ChartSpec, layer: Layer, place: number): Reading[] {
  if (layer.label === undefined) return [];
  const show = (value: number): string => formatValue(value, spec.y.format);
  const entry = (label: string, text: string): Reading => ({ label, color: layer.color, text });
  switch (layer.type) {
    case 'fan': {
      const i = indexAt(spec, layer.x, place);
      const rings = layer.levels.flatMap((level, ring) => {
        const low = layer.low[ring]?.[i];
        const high = layer.high[ring]?.[i];
        return isNumber(low) && isNumber(high) ? [entry(`${formatValue(level * 100, 'number')} %`, `${show(low)} to ${show(high)}`)] : [];
      });
      const middle = layer.median?.[i];
      return [...(isNumber(middle) ? [entry(layer.label, show(middle))] : []), ...rings.reverse()];
    }
    case 'bars': {
      const i = layer.from.findIndex((from, k) => place >= from && place < (layer.to[k] ?? from));
      const value = layer.y[i];
      return isNumber(value) ? [entry(layer.label, show(value))] : [];
    }
    case 'line':
    case 'points':
    case 'needles':
      return one(layer.y, indexAt(spec, layer.x, place)).map((value) => entry(layer.label ?? '', show(value)));
    case 'band': {
      const i = indexAt(spec, layer.x, place);
      const low = layer.low[i];
      const high = layer.high[i];
      return isNumber(low) && isNumber(high) ? [entry(layer.label, `${show(low)} to ${show(high)}`)] : [];
    }
    default:
      return [];
  }
}

function indexAt(spec: ChartSpec, list: number, place: number): number {
  const xs = spec.xs[list] ?? [];
  const i = nearest(xs, place);
  return xs[i] === place ? i : -1;
}

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';

const one = (values: Values, i: number): number[] => {
  const value = values[i];
  return isNumber(value) ? [value] : [];
};
