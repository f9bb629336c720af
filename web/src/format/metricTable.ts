import type { Metric } from '../api/types';
import { rings } from '../fan/rings';
import { decimalsFor, fixed, percent, signedPercent } from './numbers';

/** Scores that the first view shows, in this order; errors, lower is better. */
const main = ['MAE', 'RMSE', 'MASE', 'RMSSE', 'sMAPE', 'WQL', 'CRPS'];
const withUnit = new Set(['MAE', 'RMSE', 'CRPS', 'MSE', 'ME']);

export interface Cell {
  /** Empty when there is no value; `note` says why. */
  readonly text: string;
  readonly delta: string;
  readonly best: boolean;
  readonly full: string;
  readonly note: string;
}

export interface Column { readonly name: string; readonly hint: string }

export interface MetricTable {
  readonly columns: readonly Column[];
  readonly rows: readonly { readonly model: string; readonly count: number; readonly cells: readonly Cell[] }[];
}

/** The scores of one series (or of all): a row a model in the order of the run, the first one is what the others are compared with. */
export function metricTable(metrics: readonly Metric[], models: readonly string[], series: string, unit: string | null): MetricTable {
  const own = new Map(metrics.filter((m) => m.series === series).map((m) => [`${m.model}\n${m.name}`, m]));
  const names = new Set(metrics.filter((m) => m.series === series).map((m) => m.name));
  const columns = [...main.filter((n) => names.has(n)), ...shownCoverage([...names])];
  const rows = models.map((model) => ({
    model,
    count: Math.max(0, ...columns.map((name) => own.get(`${model}\n${name}`)?.count ?? 0)),
    cells: columns.map((name) => {
      const column = models.map((m) => own.get(`${m}\n${name}`)?.value ?? null);
      return cell(name, own.get(`${model}\n${name}`), column, model === models[0], unit === null && withUnit.has(name));
    }),
  }));
  return { columns: columns.map((name) => ({ name, hint: hintOf(name, unit) })), rows };
}

/** Coverage of the wide intervals that a fan draws; the report has the others. */
function shownCoverage(names: readonly string[]): string[] {
  const nominal = names.filter((n) => n.startsWith('coverage@')).map((n) => Number(n.slice('coverage@'.length)));
  return rings(nominal.flatMap((c) => [(1 - c) / 2, (1 + c) / 2])).map((r) => r.nominal).filter((c) => c > 0.6).sort((a, b) => a - b)
    .flatMap((c) => names.filter((n) => n.startsWith('coverage@') && Math.abs(Number(n.slice('coverage@'.length)) - c) < 1e-6));
}

function hintOf(name: string, unit: string | null): string {
  if (name.startsWith('coverage@')) return 'near its level';
  if (name === 'sMAPE') return '%';
  return withUnit.has(name) ? unit ?? '' : '';
}

function cell(name: string, metric: Metric | undefined, column: readonly (number | null)[], baseline: boolean, mixed: boolean): Cell {
  const none = (note: string): Cell => ({ text: '', delta: '', best: false, full: '', note });
  if (metric === undefined) return none('not scored here');
  if (metric.value === null || metric.value === undefined) return none(metric.note ?? 'no value');
  if (mixed) return none('an average over series of different units means nothing');
  const { value } = metric;
  const common = { full: String(value), note: metric.note ?? '' };
  if (name.startsWith('coverage@')) {
    const points = (value - Number(name.slice('coverage@'.length))) * 100;
    return { ...common, text: percent(value), delta: `${points > 0.05 ? '+' : ''}${fixed(points, 1)} pp`, best: false };
  }
  const first = column[0];
  const delta = baseline || first === null || first === undefined || first === 0 ? '' : signedPercent(value / first - 1);
  const best = column.length > 1 && value <= Math.min(...column.filter((v): v is number => v !== null));
  return { ...common, text: fixed(value, decimalsFor(column)), delta, best };
}

/** One sentence on who did best, by the first score that says something for every series alike. */
export function verdict(metrics: readonly Metric[], models: readonly string[], series: string): string | null {
  const [baseline] = models;
  for (const name of ['MASE', 'WQL', 'MAE']) {
    const scored = models.flatMap((model) => {
      const value = metrics.find((m) => m.model === model && m.series === series && m.name === name)?.value;
      return typeof value === 'number' ? [{ model, value }] : [];
    });
    const base = scored.find((s) => s.model === baseline);
    const best = scored.reduce<{ model: string; value: number } | null>((least, s) => (least === null || s.value < least.value ? s : least), null);
    if (best === null || base === undefined || scored.length < 2) continue;
    return best.model === baseline
      ? `No model has a lower ${name} than the baseline ${baseline} (${fixed(base.value, decimalsFor([base.value]))}).`
      : `${best.model} has the lowest ${name}: ${fixed(best.value, decimalsFor([best.value]))}, ${signedPercent(best.value / base.value - 1)} against the baseline ${baseline}.`;
  }
  return null;
}
