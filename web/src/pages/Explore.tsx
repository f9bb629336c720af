import { useEffect, useMemo, useState, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import type { Dataset, Model, SeriesData } from '../api/types';
import { Link, useQuery } from '../app/router';
import { useSettings } from '../app/settings';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { SelectField, TextField } from '../components/fields';
import { Empty, Problem, Skeleton } from '../components/States';
import { SeriesPicker } from '../explore/SeriesPicker';
import { levelsOf } from '../format/forecastRequest';
import { frequencyWords, usualHorizon } from '../format/frequencies';
import { splitModels, suggested } from '../format/models';
import { Answer, type Wish } from './Answer';
import { Upload } from './Upload';

/** Values that a forecast reads at most; a chart reads any number of them in parts. */
const mostRead = 20_000;
const mostModels = 5;

const samples = ['air_passengers', 'brent_spot', 'taylor_demand'];

/** Pick a series, see it, forecast it. What is asked for stands in the URL; the button writes it there. */
export function Explore(): ReactElement {
  useTitle('Forecast a series');
  const query = useQuery();
  const datasets = useResource('datasets', (signal) => api.datasets({ signal }), true);
  const models = useResource('models', (signal) => api.models({ signal }));
  const name = query.get('data');
  const dataset = useResource(name === null ? null : `dataset/${name}`, (signal) => api.dataset(name ?? '', { signal }));
  const id = query.get('series') ?? dataset.data?.series?.[0]?.id ?? null;
  const series = useResource(dataset.data === undefined || id === null ? null : `series/${name}/${id}`, (signal) => api.series(name ?? '', id ?? '', { signal }, mostRead));
  const uploading = query.get('upload') !== null;
  const { intervals } = useSettings();
  const wish = useMemo(() => wished(query.get, intervals), [query, intervals]);
  const choose = (value: string): void => query.set({ data: value, series: null, model: null, h: null, upload: null, range: null, hold: null, numbers: null }, false);

  return (
    <>
      <header className="head">
        <div><h1>Forecast a series</h1><p>{dataset.data?.title ?? dataset.data?.name ?? 'Pick a data set or bring a CSV file, choose a model, see its fan.'}</p></div>
        <div className="buttons">
          <button type="button" aria-expanded={uploading} onClick={() => query.set({ upload: uploading ? null : '1' })}>Upload CSV</button>
          {wish !== null && series.data !== undefined && <Link className="button" href={backtest(name ?? '', series.data.id, wish)}>Back-test it</Link>}
        </div>
      </header>
      {uploading && <Upload onStored={(stored) => { datasets.reload(); choose(stored); }} onClose={() => query.set({ upload: null })} />}
      {datasets.error !== undefined && <Problem error={datasets.error} what="The list of data sets could not be read." retry={datasets.reload} />}
      {models.error !== undefined && <Problem error={models.error} what="The list of models could not be read." retry={models.reload} />}
      {datasets.data === undefined && datasets.error === undefined && <Skeleton height={420} />}
      {datasets.data !== undefined && (name !== null || !uploading) && (
        <div className="explore">
          <Controls key={`${name}/${id}`} datasets={datasets.data} dataset={dataset.data} models={models.data ?? []} series={series.data} id={id} choose={choose} />
          <div className="explore-main">
            {name === null && <Start datasets={datasets.data} choose={choose} />}
            {dataset.error !== undefined && <Problem error={dataset.error} what={`The data set '${name}' could not be read.`} retry={dataset.reload} />}
            {series.error !== undefined && <Problem error={series.error} what="The series could not be read." retry={series.reload} />}
            {name !== null && series.data === undefined && (dataset.busy || series.busy) && <Skeleton height={420} />}
            {series.data !== undefined && <Answer key={`${name}/${series.data.id}`} dataset={name ?? ''} series={series.data} wish={wish} />}
          </div>
        </div>
      )}
    </>
  );
}

/** The forecast that the URL asks for, if it asks for one. */
function wished(get: (name: string) => string | null, intervals: string): Wish | null {
  const models = splitModels(get('model') ?? '').slice(0, mostModels);
  const horizon = Number(get('h') ?? NaN);
  return models.length === 0 || !Number.isInteger(horizon) || horizon < 1 ? null : { models, horizon, levels: levelsOf(get('levels') ?? intervals), hold: get('hold') !== null };
}

/** The form of a back-test, filled in with what was just forecast and a simple model to compare it with. */
function backtest(data: string, series: string, { models, horizon }: Wish): string {
  const all = models.includes('seasonal-naive') || models.includes('naive') ? models : ['seasonal-naive', ...models];
  return `/backtests?${new URLSearchParams({ new: '1', data, series, h: String(horizon), models: all.join(', ') }).toString()}`;
}

function Start({ datasets, choose }: { datasets: readonly Dataset[]; choose: (name: string) => void }): ReactElement {
  const known = datasets.filter((d) => samples.includes(d.name));
  return (
    <Empty title="No series chosen">
      <p>Choose a data set{known.length > 0 ? ', or start with a sample:' : ', or upload a CSV file with a column of dates and a column for each series.'}</p>
      <p className="buttons">{known.map((d) => <button key={d.name} type="button" title={d.title ?? undefined} onClick={() => choose(d.name)}>{d.name}</button>)}</p>
    </Empty>
  );
}

interface ControlsProps {
  readonly datasets: readonly Dataset[];
  readonly dataset: Dataset | undefined;
  readonly models: readonly Model[];
  readonly series: SeriesData | undefined;
  readonly id: string | null;
  readonly choose: (name: string) => void;
}

function Controls({ datasets, dataset, models, series, id, choose }: ControlsProps): ReactElement {
  const query = useQuery();
  const frequency = series?.frequency ?? dataset?.frequency ?? 'P1D';
  const [model, setModel] = useState(query.get('model') ?? '');
  const [horizon, setHorizon] = useState(query.get('h') ?? '');
  const [levels, setLevels] = useState(query.get('levels') ?? '');
  const [hold, setHold] = useState(query.get('hold') !== null);
  const { intervals } = useSettings();
  // What is in the fields until the person types: a model and a horizon that suit the series.
  const first = models.find((m) => m.name === (/^PT/.test(frequency) ? 'seasonal-naive' : 'arima')) ?? models[0];
  const example = first === undefined ? '' : suggested(first, frequency);
  const [typed, setTyped] = useState(false);
  const usedModel = model === '' && !typed ? example : model;
  const usedHorizon = horizon === '' && !typed ? String(usualHorizon(frequency)) : horizon;
  const head = /^[a-z0-9_-]+/i.exec(usedModel)?.[0] ?? '';
  const chosen = models.find((m) => m.example === usedModel) ?? models.find((m) => m.name === head);
  const ok = series !== undefined && usedModel.trim() !== '' && Number.isInteger(Number(usedHorizon)) && Number(usedHorizon) >= 1;
  useEffect(() => setTyped(false), [frequency]);

  const ask = (event: FormEvent): void => {
    event.preventDefault();
    if (ok) query.set({ model: usedModel.trim(), h: String(Number(usedHorizon)), levels: levels === '' ? null : levels, series: id, hold: hold ? '1' : null, range: null }, false);
  };
  const add = (value: string): void => {
    const next = models.find((m) => m.name === value);
    if (next === undefined) return;
    setTyped(true);
    setHorizon(usedHorizon);
    setModel([...splitModels(usedModel), suggested(next, frequency)].slice(0, mostModels).join(', '));
  };
  return (
    <form className="panel pad controls" onSubmit={ask} aria-label="What to forecast">
      <SelectField label="Data set" value={dataset?.name ?? query.get('data') ?? ''} placeholder="choose one" onChange={choose} options={datasets.map((d) => ({ value: d.name, text: d.name }))}
        hint={dataset === undefined ? null : [dataset.frequency == null ? null : frequencyWords(dataset.frequency), dataset.period].filter((t) => t).join(', ')} />
      <SeriesPicker series={dataset?.series ?? []} id={id} onChoose={(value) => query.set({ series: value, range: null }, false)} />
      <SelectField label="Model" value={chosen?.name ?? ''} placeholder="choose one" disabled={models.length === 0}
        onChange={(value) => { setTyped(true); setHorizon(usedHorizon); const next = models.find((m) => m.name === value); setModel(next === undefined ? value : suggested(next, frequency)); }}
        options={models.map((m) => ({ value: m.name, text: m.name }))} hint={chosen?.summary ?? null} />
      <TextField label="Model string" mono value={usedModel} onChange={(value) => { setTyped(true); setHorizon(usedHorizon); setModel(value); }} hint={chosen === undefined ? null : <code>{chosen.usage}</code>} />
      <SelectField label="Beside it" value="" placeholder="add a model" disabled={models.length === 0 || splitModels(usedModel).length >= mostModels} onChange={add} options={models.map((m) => ({ value: m.name, text: m.name }))} />
      <TextField label="Horizon, steps" type="number" min={1} required value={usedHorizon} onChange={(value) => { setTyped(true); setModel(usedModel); setHorizon(value); }} />
      <SelectField label="Intervals" value={levels} onChange={setLevels} options={[
        { value: '', text: intervals === '50,80,95' ? '50, 80 and 95 %' : `${intervals.replaceAll(',', ', ')} %, as in Settings` }, { value: '80', text: '80 %' }, { value: '80,95', text: '80 and 95 %' }, { value: '90,98', text: '90 and 98 %' }]} />
      <label className="check"><input type="checkbox" checked={hold} onChange={(e) => setHold(e.target.checked)} /> Hold back the last steps and compare</label>
      <button type="submit" className="primary" disabled={!ok}>Forecast</button>
    </form>
  );
}
