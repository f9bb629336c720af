import { useRef, useState, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import type { BacktestRequest, Dataset } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { CopyBlock } from '../components/CopyBlock';
import { SelectField, TextField } from '../components/fields';
import { Problem, Skeleton } from '../components/States';
import { curl } from '../format/curl';
import { frequencyWords, usualHorizon } from '../format/frequencies';
import { firstHistory } from '../format/firstHistory';
import { splitModels, suggested } from '../format/models';

interface Props { readonly onStarted: (job: string) => void; readonly onClose: () => void }

/** Starts a back-test. What is left empty is left to the server's defaults. */
export function BacktestForm({ onStarted, onClose }: Props): ReactElement {
  const datasets = useResource('datasets', (signal) => api.datasets({ signal }));
  if (datasets.error !== undefined) return <Problem error={datasets.error} what="The list of data sets could not be read." retry={datasets.reload} />;
  if (datasets.data === undefined) return <Skeleton height={220} />;
  return <Form datasets={datasets.data} onStarted={onStarted} onClose={onClose} />;
}

function Form({ datasets, onStarted, onClose }: Props & { datasets: readonly Dataset[] }): ReactElement {
  const query = useQuery();
  const models = useResource('models', (signal) => api.models({ signal }));
  const [name, setName] = useState(query.get('data') ?? datasets[0]?.name ?? '');
  const dataset = datasets.find((d) => d.name === name);
  const details = useResource(name === '' ? null : `dataset/${name}`, (signal) => api.dataset(name, { signal }));
  const series = details.data?.series ?? [];
  const [chosen, setChosen] = useState<readonly string[]>(query.get('series') === null ? [] : [query.get('series') ?? '']);
  const [list, setList] = useState(query.get('models') ?? 'seasonal-naive, arima(1,1,1)');
  const frequency = dataset?.frequency ?? 'P1D';
  const [horizon, setHorizon] = useState(query.get('h') ?? String(usualHorizon(frequency)));
  const [step, setStep] = useState('');
  const [initial, setInitial] = useState('');
  const [refit, setRefit] = useState(query.get('refit') ?? 'every:1');
  const [from, setFrom] = useState(query.get('from') ?? '');
  const [to, setTo] = useState(query.get('to') ?? '');
  const [returns, setReturns] = useState(query.get('returns') ?? '');
  const [risk, setRisk] = useState(query.get('risk') ?? '');
  const [strategy, setStrategy] = useState(query.get('strategy') ?? '');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const key = useRef({ body: '', value: '' });
  const touched = useRef(query.get('models') !== null);
  const known = models.data ?? [];
  const usable = touched.current || known.length === 0 ? list : known.filter((m) => ['seasonal-naive', 'arima'].includes(m.name)).map((m) => suggested(m, frequency)).join(', ') || list;
  const shortest = Math.min(...series.filter((s) => chosen.length === 0 || chosen.includes(s.id)).map((s) => s.rows));
  const before = initial === '' ? firstHistory(shortest, Number(horizon)) : Number(initial);
  const reading = details.data === undefined && details.error === undefined;
  const tails = risk.split(',').map((t) => t.trim()).filter((t) => t !== '').map(Number);
  const request: BacktestRequest = {
    data: chosen.length === 0 ? name : `${name}:${chosen.join(',')}`,
    models: splitModels(usable),
    horizon: Number(horizon),
    ...(step === '' ? {} : { step: Number(step) }),
    ...(before === undefined ? {} : { initial: before }),
    ...(refit === '' ? {} : { refit }),
    ...(from === '' ? {} : { from }),
    ...(to === '' ? {} : { to }),
    ...(returns === '' ? {} : { returns }),
    ...(tails.length === 0 ? {} : { risk: tails }),
    ...(strategy === '' ? {} : { strategy: { direction: strategy } }),
  };

  const start = (event: FormEvent): void => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    const body = JSON.stringify(request);
    // A repeated click asks for the same job; a changed form for another one.
    if (key.current.body !== body) key.current = { body, value: newKey() };
    api.backtest(request, key.current.value).then((job) => onStarted(job.id), (reason: unknown) => { setError(reason); setBusy(false); });
  };

  return (
    <section className="panel pad" aria-label="New back-test">
      <form onSubmit={start}>
        <div className="form-grid">
          <SelectField label="Data set" value={name} onChange={(value) => { setName(value); setChosen([]); setHorizon(String(usualHorizon(datasets.find((d) => d.name === value)?.frequency ?? ''))); }}
            options={datasets.map((d) => ({ value: d.name, text: `${d.name} (${frequencyWords(d.frequency ?? 'frequency not stated')})` }))} hint={dataset?.title ?? null} />
          <SelectField label="Series" value={chosen[0] ?? 'all'} onChange={(value) => setChosen(value === 'all' ? [] : [value])}
            options={[{ value: 'all', text: series.length === 0 ? 'all' : `all ${series.length}` }, ...series.map((s) => ({ value: s.id, text: s.id }))]} />
          <TextField label="Horizon, rows" type="number" min={1} required value={horizon} onChange={setHorizon} hint="how far each forecast looks" />
          <TextField label="Step, rows" type="number" min={1} value={step} onChange={setStep} placeholder="= horizon" hint="from one cutoff to the next" />
          <TextField label="History at first, rows" type="number" min={1} value={initial} onChange={setInitial} placeholder={before === undefined ? 'usual' : String(before)} hint="before the first cutoff" />
          <SelectField label="Fit again" value={refit} onChange={setRefit} options={[{ value: 'every:1', text: 'at every cutoff' }, { value: 'every:5', text: 'every 5 cutoffs' }, { value: 'every:21', text: 'every 21 cutoffs' }, { value: 'never', text: 'never' }]} />
          <SelectField label="Values" value={returns} onChange={setReturns} options={[{ value: '', text: 'as they are' }, { value: 'log', text: 'log returns' }, { value: 'simple', text: 'simple returns' }]} />
          <TextField label="First target" type="date" value={from} onChange={setFrom} />
          <TextField label="Last target" type="date" value={to} onChange={setTo} />
          <TextField label="Risk tails" value={risk} onChange={setRisk} placeholder="none" hint="as 0.01, 0.025: VaR and expected shortfall, tested" />
          <SelectField label="Trade on it" value={strategy} onChange={setStrategy} options={[{ value: '', text: 'no' }, { value: 'long-only', text: 'long only' }, { value: 'long-short', text: 'long and short' }]} />
        </div>
        <TextField label="Models, the first is the baseline" mono required value={usable} onChange={(value) => { touched.current = true; setList(value); }}
          hint={<>Add {known.map((m, i) => (
            <span key={m.name}>{i > 0 && ', '}<button type="button" className="link mono" title={m.summary} onClick={() => { touched.current = true; setList([...splitModels(usable), suggested(m, frequency)].join(', ')); }}>{suggested(m, frequency)}</button></span>
          ))}</>} />
        {error !== undefined && <Problem error={error} what="The back-test was not started." />}
        <div className="buttons">
          <button type="submit" className="primary" disabled={busy || reading || request.models.length === 0 || tails.some((t) => !(t > 0 && t <= 0.5)) || !(Number(horizon) >= 1)}>{busy ? 'Starting' : 'Start'}</button>
          <button type="button" className="quiet" onClick={onClose}>Close</button>
        </div>
      </form>
      <details><summary>The same with curl</summary><CopyBlock label="POST /v1/backtests" text={curl(window.location.origin, '/v1/backtests', request)} /></details>
    </section>
  );
}

/** Random, and there without a secure origin too. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}
