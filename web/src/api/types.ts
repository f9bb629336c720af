/**
 * The words of the pages for what the API says and hears. The shapes are those of docs/openapi.json (`npm run client` makes openapi.ts of it,
 * and a test holds the two together); what the document calls text and the pages tell apart by its value is narrowed here.
 */
import type { components } from './openapi';

type Schemas = components['schemas'];

/** A schema with some members of a narrower type. */
type Narrowed<T, N> = Omit<T, keyof N> & Readonly<N>;

/** A schema as it comes over the line, where members that are null are left out. */
export type Heard<T> = Optional<T, { [K in keyof T]-?: null extends T[K] ? K : never }[keyof T]>;

/** A schema of which the pages can do without some members. */
type Optional<T, K extends keyof T> = Omit<T, K> & { readonly [M in K]?: T[M] | undefined };

export interface Page<T> { readonly items: readonly T[]; readonly next?: string | null }

export type JsonSchema = Readonly<Record<string, unknown>>;

export type Model = Narrowed<Schemas['ModelBody'], { options: JsonSchema }>;

export type SeriesRef = Schemas['DatasetSeriesBody'];
export type Dataset = Schemas['DatasetBody'];
export type SeriesData = Optional<Heard<Schemas['SeriesValuesBody']>, 'calendar' | 'rows'>;

export type Refit = 'auto' | 'always' | 'never';
export type SeriesInput = Schemas['SeriesBody'];
export type ForecastRequest = Narrowed<Schemas['ForecastBody'], { levels: readonly number[]; refit?: Refit }>;
export type SeriesForecast = Schemas['SeriesForecastBody'];
export type ForecastAnswer = Schemas['ForecastAnswerBody'];

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Why a job or run stopped. */
export type Failure = Schemas['JobError'];
export type Job = Narrowed<Schemas['JobBody'], { state: JobState; result?: Readonly<Record<string, unknown>> | null }>;

export type RunStatus = 'created' | 'running' | 'finished' | 'failed' | 'cancelled';
export type Plan = Schemas['PlanBody'];
export type Run = Narrowed<Schemas['RunBody'], { status: RunStatus }>;

/** A series of a model that gave no forecast at a cutoff. */
export type RunFailure = Schemas['RunFailure'];
export type Certificate = Schemas['CertificateBody'];
export type Metric = Heard<Schemas['MetricBody']>;

/** One forecast of a run: a model, a series, a cutoff; lists over its steps. */
export type Prediction = Optional<Schemas['PredictionBody'], 'forecastId' | 'crps' | 'pit'>;
export type BacktestRequest = Schemas['BacktestBody'];
