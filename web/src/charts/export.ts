import { init } from 'echarts/core';
import type { ChartSpec, Layer } from './spec';
import { formatPlace } from './format';
import { chartOption } from './option';
import { color, fontFamily } from './palette';
import { places } from './reading';

/** The numbers of a chart as a table: a row a place on the x axis, a column a labelled curve. */
export interface Sheet { readonly columns: readonly string[]; readonly rows: readonly (readonly [place: string, ...values: (number | null)[]])[] }

interface Curve { readonly name: string; readonly at: ReadonlyMap<number, number> }

export function sheetOf(spec: ChartSpec): Sheet {
  if (spec.y.kind === 'category') return rowsOf(spec);
  const curves = spec.layers.flatMap((layer) => curvesOf(spec, layer));
  const named = [...new Set(curves.map((c) => c.name))].map((name) => ({ name, parts: curves.filter((c) => c.name === name) }));
  const rows = places(spec).map((x) => [formatPlace(x, spec.x), ...named.map(({ parts }) => parts.map((c) => c.at.get(x)).find((v) => v !== undefined) ?? null)] as [string, ...(number | null)[]]);
  return { columns: [spec.x.name ?? 'x', ...named.map((n) => n.name)], rows };
}

/** Dots with intervals, one a category. */
function rowsOf(spec: ChartSpec): Sheet {
  const rows = spec.layers.flatMap((layer) => (layer.type === 'whiskers' ? [[`${spec.y.labels?.[layer.row] ?? layer.row}${layer.label === undefined ? '' : `, ${layer.label}`}`, layer.value, layer.low, layer.high] as [string, ...(number | null)[]]] : []));
  return { columns: ['', spec.x.name ?? 'value', 'low', 'high'], rows };
}

function curvesOf(spec: ChartSpec, layer: Layer): Curve[] {
  if (layer.label === undefined) return [];
  const xs = 'x' in layer ? spec.xs[layer.x] ?? [] : [];
  const curve = (name: string, values: readonly (number | null | undefined)[], at = xs): Curve =>
    ({ name, at: new Map(at.flatMap((x, i) => (typeof values[i] === 'number' ? [[x, values[i]] as const] : []))) });
  switch (layer.type) {
    case 'line': case 'points': case 'needles': return [curve(layer.label, layer.y)];
    case 'band': return [curve(`${layer.label}, low`, layer.low), curve(`${layer.label}, high`, layer.high)];
    case 'bars': return [curve(layer.label, layer.y, layer.from.map((from, i) => (from + (layer.to[i] ?? from)) / 2))];
    case 'fan': return [
      ...(layer.median === undefined ? [] : [curve(layer.label, layer.median)]),
      ...layer.levels.flatMap((level, i) => [curve(`${level * 100} % low`, layer.low[i] ?? []), curve(`${level * 100} % high`, layer.high[i] ?? [])]),
    ];
    default: return [];
  }
}

const cell = (value: string | number | null): string => (value === null ? '' : typeof value === 'number' ? String(value) : /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);

export const csvOf = ({ columns, rows }: Sheet): string => [columns, ...rows].map((row) => row.map(cell).join(',')).join('\n') + '\n';

/** The drawing as a file of its own, with its title. */
export function svgOf(spec: ChartSpec, title: string, width: number, height: number): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ ...chartOption(spec, new Set(), width), backgroundColor: color('surface') });
  // Names of fonts stand in quotes, which would end the attribute that holds them.
  const svg = chart.renderToSVGString().replaceAll(fontFamily, fontFamily.replaceAll('"', "'"));
  chart.dispose();
  const text = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return svg.replace(/(<svg[^>]*>)/, `$1<title>${text}</title>`);
}

/** The drawing in pixels, twice as fine as the screen's. */
export async function pngOf(svg: string, width: number, height: number): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: width * 2, height: height * 2 });
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('the browser gives no canvas to draw on');
  context.drawImage(image, 0, 0, width * 2, height * 2);
  return await new Promise((done, fail) => canvas.toBlob((blob) => (blob === null ? fail(new Error('the picture could not be written')) : done(blob)), 'image/png'));
}

export function save(content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
