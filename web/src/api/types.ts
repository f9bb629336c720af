/** What the API says and hears; times are ISO 8601 in UTC, a missing value is null. */

export interface Page<T> { readonly items: readonly T[]; readonly next?: string | null }

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface Model {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  readonly example: string;
  readonly options: JsonSchema;
}

export interface SeriesRef {
  readonly id: string;
  readonly unit?: string | null;
  readonly calendar?: string | null;
  readonly rows: number;
}

export interface Dataset {
  readonly name: string;
  readonly id?: string | null;
  readonly title?: string | null;
  readonly frequency?: string | null;
  readonly calendar?: string | null;
  readonly period?: string | null;
  readonly source?: string | null;
  readonly licence?: string | null;
  /** Told for a single data set, not in the list. */
  readonly series?: readonly SeriesRef[] | null;
}

export interface SeriesData {
  readonly id: string;
  readonly unit?: string | null;
  readonly frequency: string;
  readonly calendar?: string | null;
  /** Rows of the whole series; fewer may be given here. */
  readonly rows?: number;
  readonly timestamps: readonly string[];
  readonly values: readonly (number | null)[];
}

export type Refit = 'auto' | 'always' | 'never';

export interface ForecastRequest {
  readonly model: string;
  readonly frequency: string;
  readonly calendar?: string;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly seed?: number;
  readonly refit?: Refit;
  readonly series: readonly SeriesInput[];
}

export interface SeriesInput {
  readonly id: string;
  readonly unit?: string;
  readonly start?: string;
  readonly timestamps?: readonly string[];
  readonly values: readonly (number | null)[];
}

/** The forecast of one series, or the error that stands in its place. */
export interface SeriesForecast {
  readonly id: string;
  readonly unit?: string | null;
  /** What happened to the parameters: fitted now, conditioned (an earlier fit on older rows), cached (an earlier fit on the same rows). */
  readonly origin?: string | null;
  readonly fit?: { readonly cutoff: string; readonly rows: number } | null;
  readonly cutoff?: string | null;
  readonly timestamps?: readonly string[] | null;
  readonly mean?: readonly (number | null)[] | null;
  /** A list of values under each level, the level written as text: "0.05". */
  readonly quantiles?: Readonly<Record<string, readonly (number | null)[]>> | null;
  /** Steps whose quantiles crossed and were re-ordered. */
  readonly repairs?: number | null;
  readonly error?: { readonly type: string; readonly code: string; readonly pointer: string; readonly detail: string } | null;
}

export interface ForecastAnswer {
  readonly model: string;
  readonly frequency: string;
  readonly horizon: number;
  readonly levels: readonly number[];
  readonly failed: number;
  readonly series: readonly SeriesForecast[];
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** Why a job or run stopped. */
export interface Failure { readonly type?: string; readonly code: string; readonly detail: string }

export interface Job {
  readonly id: string;
  readonly kind: string;
  readonly state: JobState;
  readonly runId?: string | null;
  readonly progress?: number | null;
  readonly message?: string | null;
  readonly cancelRequested?: boolean;
  readonly result?: Readonly<Record<string, unknown>> | null;
  readonly error?: Failure | null;
  readonly createdAt: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

export type RunStatus = 'created' | 'running' | 'finished' | 'failed' | 'cancelled';

export interface Plan {
  readonly horizon: number;
  readonly step: number;
  readonly window: string;
  readonly refit: string;
  readonly gap: number;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly initial?: number | null;
}

export interface Run {
  readonly id: string;
  readonly status: RunStatus;
  readonly data: string;
  readonly dataHash: string;
  readonly datasetId?: string | null;
  readonly models: readonly string[];
  readonly levels: readonly number[];
  readonly plan: Plan;
  readonly seed: number;
  readonly device: string;
  readonly engine: string;
  readonly threads: number;
  readonly command: string;
  readonly createdAt: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly predictionsHash?: string | null;
  /** Work items by state; told for a single run. */
  readonly items?: { readonly total: number; readonly pending: number; readonly done: number; readonly failed: number } | null;
  readonly error?: Failure | null;
  readonly certificate?: Certificate | null;
  /** The job that it belongs to; absent when a command line started it. */
  readonly jobId?: string | null;
  /** Told for a single run: how many there are, and the first hundred. */
  readonly failures?: { readonly count: number; readonly items: readonly RunFailure[] } | null;
}

/** A series of a model that gave no forecast at a cutoff. */
export interface RunFailure { readonly model: string; readonly series: string; readonly cutoff: string; readonly code: string; readonly detail: string }

export interface Certificate {
  readonly verdict: string;
  readonly exposure?: Readonly<Record<string, string>> | null;
  readonly violations?: readonly string[] | null;
  readonly violationCount?: number;
  /** Folds that were checked, over models. */
  readonly folds?: number;
}

export interface Metric {
  readonly model: string;
  readonly series: string;
  readonly name: string;
  /** Absent when there is none; the note says why. */
  readonly value?: number | null;
  readonly count: number;
  readonly note?: string | null;
}

/** One forecast of a run: a model, a series, a cutoff; lists over its steps. */
export interface Prediction {
  readonly model: string;
  readonly series: string;
  readonly fold: number;
  readonly cutoff: string;
  readonly h: readonly number[];
  readonly timestamps: readonly string[];
  readonly actual: readonly (number | null)[];
  readonly mean: readonly (number | null)[];
  readonly quantiles: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface BacktestRequest {
  readonly data: string;
  readonly models: readonly string[];
  readonly horizon: number;
  readonly step?: number;
  readonly window?: string;
  readonly refit?: string;
  readonly gap?: number;
  readonly from?: string;
  readonly to?: string;
  readonly returns?: string;
  readonly levels?: readonly number[];
}
