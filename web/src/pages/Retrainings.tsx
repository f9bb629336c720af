import { useId, useMemo, useState, type FormEvent, type ReactElement } from 'react';
import { pages, type Retraining } from '../api/pages';
import { Dialog } from '../app/Dialog';
import { useResource } from '../app/useResource';
import type { ChartSpec } from '../charts/spec';
import { ChartCard } from '../components/ChartCard';
import { Problem } from '../components/States';
import { place, stamp } from '../format/times';

const told = 30;
const signs: Readonly<Record<string, readonly [string, string]>> = { promoted: ['★', 'good'], rejected: ['✕', 'bad'], awaiting: ['?', 'warn'], kept: ['=', 'muted'] };

interface Stability { readonly value?: number | null; readonly byChance?: number | null }

/** What a retraining wrote down of the drift that it found; older ones may lack parts. */
interface Drift { readonly data?: readonly { readonly series: string; readonly stability?: Stability | null }[]; readonly alarms?: readonly string[] }

const driftOf = (r: Retraining): Drift | null => {
  const { findings } = r;
  return typeof findings === 'object' && findings !== null && 'drift' in findings ? (findings as { drift?: Drift | null }).drift ?? null : null;
};

/** How a model was trained anew, what had drifted, and what became of each candidate. */
export function Retrainings({ name, onChange }: { name: string; onChange: () => void }): ReactElement | null {
  const found = useResource(`retrainings/${name}`, async (signal) => Promise.all((await pages.retrainings(name, { signal })).slice(0, told).map((r) => pages.retraining(r.id, { signal }))), true);
  const [deciding, setDeciding] = useState<{ id: string; candidate: number | null; to: 'approve' | 'reject' } | null>(null);
  if (found.error !== undefined) return <Problem error={found.error} what={`The retrainings of ${name} could not be read.`} retry={found.reload} />;
  if (found.data === undefined || found.data.length === 0) return null;
  return (
    <section className="panel" aria-label="Retrainings">
      <div className="toolbar"><h2>Retrainings of {name}</h2><span className="muted">latest first</span></div>
      <DriftChart name={name} retrainings={found.data} />
      <div className="scroll short" tabIndex={0} role="group" aria-label="Table of retrainings">
        <table>
          <caption>Retrainings of {name}</caption>
          <thead><tr><th scope="col">When, UTC</th><th scope="col">Outcome</th><th scope="col">Candidate</th><th scope="col">Why</th><th scope="col">Drift since the fit</th><th scope="col"><span className="spoken">Actions</span></th></tr></thead>
          <tbody>{found.data.map((r) => {
            const [sign, tone] = signs[r.state] ?? ['?', 'warn'];
            const drift = driftOf(r);
            return (
              <tr key={r.id} data-row>
                <th scope="row" className="nowrap">{stamp(r.createdAt).replace(' UTC', '')}</th>
                <td><span className={`status ${tone}`}><span aria-hidden="true">{sign}</span> {r.state}</span></td>
                <td>{typeof r.candidate === 'number' ? `version ${r.candidate}` : '–'}</td>
                <td>{r.reason}</td>
                <td>{drift === null ? <span className="muted">not watched</span> : (drift.alarms ?? []).length === 0 ? 'none found' : (drift.alarms ?? []).join(', ')}</td>
                <td className="n">
                  {r.state === 'awaiting' && (['approve', 'reject'] as const).map((to) => <button key={to} type="button" className="quiet" onClick={() => setDeciding({ id: r.id, candidate: r.candidate ?? null, to })}>{to === 'approve' ? 'Approve' : 'Reject'}</button>)}
                </td>
              </tr>
            );
          })}</tbody>
        </table>
      </div>
      {deciding !== null && <Decide {...deciding} onDone={() => { setDeciding(null); found.reload(); onChange(); }} onClose={() => setDeciding(null)} />}
    </section>
  );
}

/** The population stability index of the worst series at each retraining, with what chance alone rarely exceeds. */
function DriftChart({ name, retrainings }: { name: string; retrainings: readonly Retraining[] }): ReactElement | null {
  const spec = useMemo((): ChartSpec | null => {
    const points = [...retrainings].reverse().flatMap((r) => {
      const all = (driftOf(r)?.data ?? []).flatMap((d) => (typeof d.stability?.value === 'number' ? [d.stability] : []));
      const worst = all.sort((a, b) => (b.value ?? 0) - (a.value ?? 0))[0];
      return worst === undefined ? [] : [{ at: place(r.createdAt), index: worst.value ?? null, line: worst.byChance ?? null }];
    });
    return points.length < 2 ? null : {
      description: `${name}: population stability index of the series that drifted most, at ${points.length} retrainings; the last is ${points.at(-1)?.index?.toFixed(3) ?? 'missing'}.`,
      x: { kind: 'time', name: 'Date, UTC', clock: true },
      y: { kind: 'number', name: 'PSI, worst series', min: 0 },
      xs: [points.map((p) => p.at)],
      layers: [
        { type: 'line', x: 0, y: points.map((p) => p.index), color: 'model-1', width: 2, symbol: 'circle', label: 'PSI' },
        { type: 'line', x: 0, y: points.map((p) => p.line), color: 'bad', width: 1, dash: 'dashed', label: 'chance rarely exceeds' },
      ],
    };
  }, [name, retrainings]);
  return spec === null ? null : <div className="pad"><ChartCard title="Drift" subtitle={`population stability index, n = ${spec.xs[0]?.length ?? 0} retrainings; dashed: what chance alone rarely exceeds`} spec={spec} height={180} /></div>;
}

interface DecideProps { readonly id: string; readonly candidate: number | null; readonly to: 'approve' | 'reject'; readonly onDone: () => void; readonly onClose: () => void }

function Decide({ id, candidate, to, onDone, onClose }: DecideProps): ReactElement {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(undefined);
  const field = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    pages.decide(id, to, reason).then(onDone, setError);
  };
  return (
    <Dialog title={`${to === 'approve' ? 'Approve' : 'Reject'} version ${candidate ?? ''}`} onClose={onClose}>
      <form onSubmit={send}>
        <div className="field"><label htmlFor={field}>Reason</label><input id={field} required value={reason} onChange={(e) => setReason(e.target.value)} /><p className="hint">It stands in the history for good.</p></div>
        {error !== undefined && <Problem error={error} what="Nothing was decided." />}
        <div className="buttons"><button type="submit" className="primary">{to === 'approve' ? 'Approve' : 'Reject'}</button></div>
      </form>
    </Dialog>
  );
}
