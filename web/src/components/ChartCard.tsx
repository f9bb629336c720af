import { useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { csvOf, pngOf, save, sheetOf, svgOf } from '../charts/export';
import type { ChartSpec } from '../charts/spec';
import type { View } from '../charts/draw';
import { significant } from '../format/numbers';
import { Plot } from './Plot';

interface Props {
  readonly title: ReactNode;
  readonly subtitle: string;
  readonly spec: ChartSpec;
  readonly height: number;
  readonly canvas?: boolean;
  readonly view?: View;
  readonly onView?: (view: View) => void;
  /** Name of saved files; the description's first words by default. */
  readonly file?: string;
  /** The request behind the chart, as a command. */
  readonly command?: () => string;
  readonly children?: ReactNode;
}

/** Rows that a table shows; the CSV has all. */
const mostRows = 500;

/** A chart with its title, what is measured, its table, and ways to take it along. */
export function ChartCard({ title, subtitle, spec, height, canvas, view, onView, file, command, children }: Props): ReactElement {
  const [table, setTable] = useState(false);
  const name = (file ?? spec.description).toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 48).replace(/^-|-$/g, '');
  return (
    <figure className="chart">
      <figcaption>
        <div><h3>{title}</h3><p>{subtitle}</p></div>
        <Menu spec={spec} name={name} height={height} table={table} setTable={setTable} {...(command === undefined ? {} : { command })} />
      </figcaption>
      {table
        ? <SheetTable spec={spec} height={height} />
        : <Plot spec={spec} height={height} {...(canvas === undefined ? {} : { canvas })} {...(view === undefined ? {} : { view })} {...(onView === undefined ? {} : { onView })} />}
      {children}
    </figure>
  );
}

interface MenuProps { readonly spec: ChartSpec; readonly name: string; readonly height: number; readonly table: boolean; readonly setTable: (table: boolean) => void; readonly command?: () => string }

const exportWidth = 960;

function Menu({ spec, name, height, table, setTable, command }: MenuProps): ReactElement {
  const [said, setSaid] = useState('');
  const size = Math.max(height, 240);
  const svg = (): string => svgOf(spec, spec.description, exportWidth, size);
  const failed = (error: unknown): void => setSaid(error instanceof Error ? error.message : String(error));
  return (
    <div className="chart-menu" role="group" aria-label="Chart">
      <span role="status">{said}</span>
      <button type="button" className="quiet" data-key="t" aria-pressed={table} title="Chart or table, key t" onClick={() => setTable(!table)}>{table ? 'Chart' : 'Table'}</button>
      <button type="button" className="quiet" onClick={() => { pngOf(svg(), exportWidth, size).then((blob) => save(blob, `${name}.png`), failed); }}>PNG</button>
      <button type="button" className="quiet" onClick={() => save(new Blob([svg()], { type: 'image/svg+xml' }), `${name}.svg`)}>SVG</button>
      <button type="button" className="quiet" onClick={() => save(new Blob([csvOf(sheetOf(spec))], { type: 'text/csv' }), `${name}.csv`)}>CSV</button>
      {command !== undefined && (
        <button type="button" className="quiet" onClick={() => {
          const written = (navigator.clipboard as Clipboard | undefined)?.writeText(command());
          if (written === undefined) setSaid('no clipboard here');
          else written.then(() => setSaid('command copied'), failed);
        }}>curl</button>
      )}
    </div>
  );
}

function SheetTable({ spec, height }: { spec: ChartSpec; height: number }): ReactElement {
  const sheet = useMemo(() => sheetOf(spec), [spec]);
  return (
    <div className="scroll sheet" style={{ height }} tabIndex={0} role="group" aria-label="Table of the chart">
      <table>
        <caption>{spec.description}</caption>
        <thead><tr>{sheet.columns.map((c, i) => <th key={c} scope="col" className={i === 0 ? undefined : 'n'}>{c}</th>)}</tr></thead>
        <tbody>{sheet.rows.slice(0, mostRows).map(([place, ...values], i) => (
          <tr key={i}><th scope="row" className="nowrap">{place}</th>{values.map((v, k) => <td key={k} className="n" title={v === null ? 'no value' : String(v)}>{v === null ? '–' : significant(v, 4)}</td>)}</tr>
        ))}</tbody>
      </table>
      {sheet.rows.length > mostRows && <p className="hint">The first {mostRows} of {sheet.rows.length} rows; the CSV has all.</p>}
    </div>
  );
}
