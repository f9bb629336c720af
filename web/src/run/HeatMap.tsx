import { useMemo, useState, type ReactElement } from 'react';
import type { Heat } from '../api/pageTypes';
import { Empty } from '../components/States';
import { count, significant } from '../format/numbers';

/** Columns that fit; of a longer horizon steps at even distances are shown. */
const mostSteps = 16;
const mostRows = 50;

const minus = '\u2212';
const percentText = (log: number): string => {
  const share = Math.round((Math.exp(log) - 1) * 100);
  return share === 0 ? '0' : `${share > 0 ? '+' : minus}${Math.abs(share)}`;
};

/** Blue where the model has the smaller loss, vermillion where the larger, as strong as ln 2 on either side. */
function shade(log: number | null | undefined): string | undefined {
  if (log === null || log === undefined) return undefined;
  const strength = Math.min(1, Math.abs(log) / Math.LN2) * 45;
  return `color-mix(in srgb, var(--${log < 0 ? 'model-1' : 'model-4'}) ${strength.toFixed(0)}%, var(--surface))`;
}

/** Where a model does better than the baseline, and where worse: a row a series, a column a step ahead. */
export function HeatMap({ heat }: { heat: Heat }): ReactElement {
  const [model, setModel] = useState(heat.models[1]?.model ?? '');
  const [sort, setSort] = useState<{ column: number; down: boolean }>({ column: -1, down: true });
  const shown = heat.models.find((m) => m.model === model) ?? heat.models[1];
  const columns = useMemo(() => (heat.steps.length <= mostSteps ? heat.steps.map((_, i) => i) : Array.from({ length: mostSteps }, (_, k) => Math.round((k * (heat.steps.length - 1)) / (mostSteps - 1)))), [heat]);
  const rows = useMemo(() => {
    if (shown === undefined) return [];
    const mean = (values: readonly (number | null)[]): number | null => {
      const known = values.filter((v): v is number => v !== null);
      return known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length;
    };
    const all = heat.series.map((id, i) => ({ id, ratio: shown.ratio[i] ?? [], loss: shown.loss[i] ?? [], mean: mean(shown.ratio[i] ?? []) }));
    const value = (row: typeof all[number]): number | null => (sort.column < 0 ? row.mean : row.ratio[sort.column] ?? null);
    // Blanks last, whichever way.
    return all.sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      return x === null ? 1 : y === null ? -1 : sort.down ? y - x : x - y;
    });
  }, [heat, shown, sort]);
  if (shown === undefined) return <Empty title="Nothing to compare with"><p>A heat map needs a baseline and one more model.</p></Empty>;
  const head = (column: number, text: string): ReactElement => (
    <th key={column} scope="col" className="n" aria-sort={sort.column === column ? (sort.down ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="link" onClick={() => setSort((old) => ({ column, down: old.column === column ? !old.down : true }))}>{text}{sort.column === column && <span aria-hidden="true"> {sort.down ? '▾' : '▴'}</span>}</button>
    </th>
  );
  return (
    <section className="panel" aria-label="Heat map">
      <div className="toolbar">
        <h2>Series by step ahead</h2>
        {heat.models.length > 2 && <label>Model <select value={shown.model} onChange={(e) => setModel(e.target.value)}>{heat.models.slice(1).map((m) => <option key={m.model}>{m.model}</option>)}</select></label>}
        <span className="muted">Mean {heat.score} against {heat.models[0]?.model}, in %; {minus} is better (blue), + worse (vermillion){rows.length > mostRows ? `; the first ${mostRows} of ${count(rows.length)} series` : ''}</span>
      </div>
      <div className="scroll short" tabIndex={0} role="group" aria-label="Table of the heat map">
        <table className="heat">
          <caption>{shown.model} against the baseline by series and step</caption>
          <thead><tr><th scope="col">Series</th>{head(-1, 'all steps')}{columns.map((c) => head(c, `h ${heat.steps[c]}`))}</tr></thead>
          <tbody>{rows.slice(0, mostRows).map((row) => (
            <tr key={row.id}>
              <th scope="row">{row.id}</th>
              {[-1, ...columns].map((c) => {
                const log = c < 0 ? row.mean : row.ratio[c] ?? null;
                const loss = c < 0 ? null : row.loss[c] ?? null;
                return <td key={c} className="n" style={{ background: shade(log) }} title={loss === null ? undefined : `${heat.score} ${significant(loss, 4)}`}>{log === null ? '–' : percentText(log)}</td>;
              })}
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}
