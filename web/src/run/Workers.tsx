import type { ReactElement } from 'react';
import { pages } from '../api/pages';
import type { Run } from '../api/types';
import { useResource } from '../app/useResource';
import { ModelName, modelColor } from '../components/Badges';
import { Problem, Skeleton } from '../components/States';
import { count } from '../format/numbers';
import { duration, stamp } from '../format/times';

const rowHeight = 16;

/** Who worked on what and when: a row a worker, a bar a work item, in the colour of its model. */
export function Workers({ run }: { run: Run }): ReactElement | null {
  const found = useResource(`items/${run.id}`, (signal) => pages.items(run.id, { signal }));
  if (found.error !== undefined) return <Problem error={found.error} what="The work of the run could not be read." retry={found.reload} />;
  if (found.data === undefined) return <Skeleton height={120} />;
  const done = found.data.flatMap((item) => (item.worker && item.startedAt && item.finishedAt ? [{ ...item, worker: item.worker, from: Date.parse(item.startedAt), to: Date.parse(item.finishedAt) }] : []));
  if (done.length === 0) return null;
  const first = Math.min(...done.map((d) => d.from));
  const span = Math.max(1, Math.max(...done.map((d) => d.to)) - first);
  const workers = [...new Set(done.map((d) => d.worker))].sort();
  const busy = (worker: string): number => done.filter((d) => d.worker === worker).reduce((sum, d) => sum + d.fitSeconds + d.predictSeconds, 0);
  return (
    <section className="panel pad" aria-label="Workers">
      <h2>Time by worker</h2>
      <p className="hint">{count(done.length)} work items from {stamp(new Date(first).toISOString())}, {duration(span)} in all; each bar one item.</p>
      <ul className="key" aria-label="Models">{run.models.map((model, i) => <li key={model}><ModelName name={model} position={i} /></li>)}</ul>
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of the workers">
        <table>
          <caption>Workers of the run</caption>
          <thead><tr><th scope="col">Worker</th><th scope="col" className="n">Items</th><th scope="col" className="n">Busy</th><th scope="col" className="wide">0 to {duration(span)}</th></tr></thead>
          <tbody>{workers.map((worker) => {
            const own = done.filter((d) => d.worker === worker);
            return (
              <tr key={worker}>
                <th scope="row" className="mono">{worker}</th><td className="n">{count(own.length)}</td><td className="n">{duration(1000 * busy(worker))}</td>
                <td><svg className="raster" style={{ height: rowHeight }} viewBox={`0 0 1000 ${rowHeight}`} preserveAspectRatio="none" aria-hidden="true">
                  {own.map((d, i) => <rect key={i} x={(1000 * (d.from - first)) / span} width={Math.max(1, (1000 * (d.to - d.from)) / span - 0.5)} y={1} height={rowHeight - 2} fill={`var(--${modelColor(run.models.indexOf(d.model))})`} />)}
                </svg></td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
    </section>
  );
}
