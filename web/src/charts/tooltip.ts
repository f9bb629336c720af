import type { ChartSpec } from './spec';
import { color } from './palette';
import { formatValue } from './format';
import { readAt } from './reading';

/** The box under the pointer. Built from text nodes, so that names from data cannot become markup. */
export function tooltipNode(title: string, lines: readonly { label: string; color: string; text: string }[]): HTMLElement {
  const box = document.createElement('div');
  const head = document.createElement('div');
  head.textContent = title;
  head.style.cssText = 'font-weight:600;margin-bottom:2px';
  box.append(head);
  for (const line of lines) {
    const row = document.createElement('div');
    row.style.cssText = 'display:flex;gap:8px;align-items:center;justify-content:space-between';
    const name = document.createElement('span');
    const chip = document.createElement('span');
    chip.style.cssText = `display:inline-block;width:9px;height:9px;margin-right:6px;background:${color(line.color)}`;
    name.append(chip, line.label);
    const value = document.createElement('span');
    value.textContent = line.text;
    value.style.cssText = 'font-variant-numeric:tabular-nums;margin-left:12px';
    row.append(name, value);
    box.append(row);
  }
  return box;
}

interface Hovered { readonly axisValue?: number | string; readonly value?: unknown }

export function tooltip(spec: ChartSpec, hidden: ReadonlySet<string>): Record<string, unknown> {
  const rows = spec.y.kind === 'category';
  return {
    trigger: rows ? 'item' : 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: color('surface'),
    borderColor: color('edge'),
    textStyle: { color: color('ink'), fontSize: 12 },
    padding: [6, 8],
    axisPointer: { type: 'line', animation: false, lineStyle: { color: color('edge'), type: 'solid' } },
    formatter: (hovered: Hovered | Hovered[]) => (rows ? readRow(spec, hovered) : readPlace(spec, hovered, hidden)),
  };
}

function readPlace(spec: ChartSpec, hovered: Hovered | Hovered[], hidden: ReadonlySet<string>): HTMLElement | string {
  const first = Array.isArray(hovered) ? hovered[0] : hovered;
  const at = Number(first?.axisValue);
  if (Number.isNaN(at)) return '';
  const { place, lines } = readAt(spec, at, hidden);
  return tooltipNode(place, lines);
}

function readRow(spec: ChartSpec, hovered: Hovered | Hovered[]): HTMLElement | string {
  const value = Array.isArray(hovered) ? hovered[0]?.value : hovered.value;
  const row = Array.isArray(value) ? Number(value[1]) : NaN;
  const lines = spec.layers.flatMap((layer) => {
    if (layer.type !== 'whiskers' || layer.row !== row) return [];
    const show = (v: number): string => formatValue(v, spec.x.format, 3);
    return [
      { label: layer.label ?? '', color: layer.color, text: show(layer.value) },
      ...(layer.low === null || layer.high === null ? [] : [{ label: '95 % interval', color: layer.color, text: `${show(layer.low)} to ${show(layer.high)}` }]),
    ];
  });
  return lines.length === 0 ? '' : tooltipNode(spec.y.labels?.[row] ?? '', lines);
}
