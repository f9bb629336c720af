import { useEffect, useMemo, useState, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import type { Dataset, ForecastRequest, Model, SeriesData } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { SelectField, TextField } from '../components/fields';
import { Empty, Problem, Skeleton } from '../components/States';
import { forecastRequest, levelsOf } from '../format/forecastRequest';
import { frequencyWords, usualHorizon } from '../format/frequencies';
import { suggested } from '../format/models';
import { Answer } from './Answer';
import { Upload } from './Upload';

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
  const series = useResource(dataset.data === undefined || id === null ? null : `series/${name}/${id}`, (signal) => api.series(name ?? '', id ?? '', { signal }));
  const uploading = query.get('upload') !== null;
  const choose = (value: string): void => query.set({ data: value, series: null, model: null, h: null, upload: null }, false);

  return (
    <>
      <header className="head">
        <div><h1>Forecast a series</h1><p>{dataset.data?.title ?? dataset.data?.name ?? 'Pick a data set or bring a CSV file, choose a model, see its fan.'}</p></div>
        <button type="button" aria-expanded={uploading} onClick={() => query.set({ upload: uploading ? null : '1' })}>Upload CSV</button>
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
            {series.data !== undefined && <Answer series={series.data} request={asked(query.get, series.data)} />}
          </div>
        </div>
      )}
    </>
  );
}

/** The forecast that the URL asks for, if it asks for one. */
function asked(get: (name: string) => string | null, series: SeriesData): ForecastRequest | null {
  const model = get('model');
  const horizon = Number(get('h') ?? NaN);
  return model === null || !Number.isInteger(horizon) || horizon < 1 ? null : forecastRequest(series, model, horizon, levelsOf(get('levels')));
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
    if (ok) query.set({ model: usedModel.trim(), h: String(Number(usedHorizon)), levels: levels === '' ? null : levels, series: id }, false);
  };
  const seriesOptions = useMemo(() => (dataset?.series ?? []).map((s) => ({ value: s.id, text: s.id })), [dataset]);
  return (
    <form className="panel pad controls" onSubmit={ask} aria-label="What to forecast">
      <SelectField label="Data set" value={dataset?.name ?? query.get('data') ?? ''} placeholder="choose one" onChange={choose} options={datasets.map((d) => ({ value: d.name, text: d.name }))}
        hint={dataset === undefined ? null : [dataset.frequency == null ? null : frequencyWords(dataset.frequency), dataset.period].filter((t) => t).join(', ')} />
      <SelectField label="Series" value={id ?? ''} disabled={seriesOptions.length === 0} placeholder="–" onChange={(value) => query.set({ series: value, model: null, h: null }, false)} options={seriesOptions} />
      <SelectField label="Model" value={chosen?.name ?? ''} placeholder="choose one" disabled={models.length === 0}
        onChange={(value) => { setTyped(true); setHorizon(usedHorizon); const next = models.find((m) => m.name === value); setModel(next === undefined ? value : suggested(next, frequency)); }}
        options={models.map((m) => ({ value: m.name, text: m.name }))} hint={chosen?.summary ?? null} />
      <TextField label="Model string" mono value={usedModel} onChange={(value) => { setTyped(true); setHorizon(usedHorizon); setModel(value); }} hint={chosen === undefined ? null : <code>{chosen.usage}</code>} />
      <TextField label="Horizon, steps" type="number" min={1} required value={usedHorizon} onChange={(value) => { setTyped(true); setModel(usedModel); setHorizon(value); }} />
      <SelectField label="Intervals" value={levels} onChange={setLevels} options={[
        { value: '', text: '50, 80 and 95 %' }, { value: '80', text: '80 %' }, { value: '80,95', text: '80 and 95 %' }, { value: '90,98', text: '90 and 98 %' }]} />
      <button type="submit" className="primary" disabled={!ok}>Forecast</button>
    </form>
  );
}
