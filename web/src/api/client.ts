import type {
  BacktestRequest, Dataset, ForecastAnswer, ForecastRequest, Job, Metric, Model, Page, Prediction, Run, SeriesData,
} from './types';
import { identity, refused } from './key';
import { ApiError, problemOf, unreachable } from './problem';

export interface Options { readonly signal?: AbortSignal }

interface Call extends Options {
  readonly method?: string;
  readonly body?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function send(path: string, { signal, method = 'GET', body, headers = {} }: Call): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...identity(), ...headers },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(unreachable);
  }
  if (response.ok) return response;
  const wait = Number(response.headers.get('Retry-After') ?? NaN);
  const problem = problemOf(response.status, response.statusText, response.headers.get('Content-Type') ?? '', await response.text());
  const error = new ApiError(problem, Number.isFinite(wait) ? wait : null);
  if (response.status === 401) refused(error.message);
  throw error;
}

export async function read<T>(path: string, call: Call = {}): Promise<T> {
  return await (await send(path, call)).json() as T;
}

/** A path with its query; what is undefined is left out. */
export function url(path: string, query: Readonly<Record<string, string | number | undefined | null>> = {}): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined || value === null || value === '' ? [] : [[key, String(value)]]));
  return pairs.length === 0 ? path : `${path}?${new URLSearchParams(pairs).toString()}`;
}

export const part = encodeURIComponent;

/** Follows cursors until a list ends, or holds `most` entries. */
export async function all<T>(path: string, query: Record<string, string | number | undefined>, options: Options, most: number): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page = await read<Page<T>>(url(path, { ...query, after }), options);
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after !== undefined && items.length < most);
  return items;
}

export const api = {
  models: async (options: Options = {}): Promise<readonly Model[]> => (await read<Page<Model>>('/v1/models', options)).items,

  datasets: (options: Options = {}): Promise<readonly Dataset[]> => all<Dataset>('/v1/datasets', {}, options, 2000),

  /** One data set with its series; by name, or by the id of stored content. */
  dataset: (name: string, options: Options = {}): Promise<Dataset> => read<Dataset>(`/v1/datasets/${part(name)}`, options),

  /** The values of a series, or its last ones. */
  series: (dataset: string, id: string, options: Options = {}, last?: number): Promise<SeriesData> =>
    read<SeriesData>(url(`/v1/datasets/${part(dataset)}/series/${part(id)}`, { last }), options),

  /** Stores a CSV file, gzip-compressed if its name says so. */
  upload: (file: Blob, name: string, frequency: string, packed: boolean, options: Options = {}): Promise<Dataset> =>
    read<Dataset>(url('/v1/datasets', { name, frequency }), {
      ...options,
      method: 'POST',
      body: file,
      headers: { 'Content-Type': packed ? 'application/gzip' : 'text/csv' },
    }),

  forecast: (request: ForecastRequest, options: Options = {}): Promise<ForecastAnswer> =>
    read<ForecastAnswer>('/v1/forecasts', { ...options, method: 'POST', body: JSON.stringify(request), headers: { 'Content-Type': 'application/json' } }),

  /** Starts a back-test. The key makes a repeated click or a retried request the same job. */
  backtest: (request: BacktestRequest, key: string, options: Options = {}): Promise<Job> =>
    read<Job>('/v1/backtests', {
      ...options,
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    }),

  job: (id: string, options: Options = {}): Promise<Job> => read<Job>(`/v1/jobs/${part(id)}`, options),

  /** The newest jobs. */
  jobs: async (options: Options = {}): Promise<readonly Job[]> => (await read<Page<Job>>(url('/v1/jobs', { limit: 100 }), options)).items,

  cancel: async (id: string, options: Options = {}): Promise<void> => {
    await send(`/v1/jobs/${part(id)}`, { ...options, method: 'DELETE' });
  },

  runs: (options: Options = {}): Promise<Page<Run>> => read<Page<Run>>(url('/v1/runs', { limit: 50 }), options),

  run: (id: string, options: Options = {}): Promise<Run> => read<Run>(`/v1/runs/${part(id)}`, options),

  metrics: async (id: string, options: Options = {}): Promise<readonly Metric[]> =>
    all<Metric>(`/v1/runs/${part(id)}/metrics`, {}, options, 100_000),

  /** All forecasts of one model on one series, in time. */
  predictions: (id: string, model: string, series: string, options: Options = {}): Promise<readonly Prediction[]> =>
    all<Prediction>(`/v1/runs/${part(id)}/predictions`, { model, series, limit: 1000 }, options, 50_000),

  reportPath: (id: string): string => `/v1/runs/${part(id)}/report`,

  eventsPath: (id: string, after?: string): string => url(`/v1/jobs/${part(id)}/events`, { after }),
};
