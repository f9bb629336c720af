import { all, part, read, send, url, type Options } from './client';
import type { Anatomy, Comparison, Heat, Overview, RegisteredName, RegisteredVersion, RunPart, WorkItem } from './pageTypes';
import type { components } from './openapi';
import type { Job, Page } from './types';

type Schemas = components['schemas'];
export type Schedule = Schemas['ScheduleBody'];
export type Retraining = Schemas['RetrainingAnswer'];

const json = (body: unknown): { method: string; body: string; headers: Record<string, string> } => ({ method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });

/** Routes that draw pages, beside those of `client.ts` that programs use as well. */
export const pages = {
  overview: (dataset: string, series: string, query: { readonly from?: string; readonly to?: string; readonly buckets?: number }, options: Options = {}): Promise<Overview> =>
    read<Overview>(url(`/v1/datasets/${part(dataset)}/overview/${part(series)}`, query), options),

  anatomy: (dataset: string, series: string, options: Options = {}): Promise<Anatomy> => read<Anatomy>(`/v1/datasets/${part(dataset)}/anatomy/${part(series)}`, options),

  /** The named parts of a finished run's report, and the titles of the others. */
  parts: async (run: string, names: readonly string[], options: Options = {}): Promise<readonly RunPart[]> =>
    (await read<{ items: readonly RunPart[] }>(`/v1/runs/${part(run)}/parts?${new URLSearchParams(names.map((name) => ['name', name])).toString()}`, options)).items,

  /** Work items: who did them, when, how long. */
  items: async (run: string, options: Options = {}): Promise<readonly WorkItem[]> => (await read<{ items: readonly WorkItem[] }>(`/v1/runs/${part(run)}/items`, options)).items,

  heat: (run: string, options: Options = {}): Promise<Heat> => read<Heat>(`/v1/runs/${part(run)}/heat`, options),

  compare: (entries: readonly string[], options: Options = {}): Promise<Comparison> =>
    read<Comparison>(`/v1/comparisons?${new URLSearchParams(entries.map((entry) => ['entry', entry])).toString()}`, options),

  registry: (options: Options = {}): Promise<readonly RegisteredName[]> => all<RegisteredName>('/v1/registry', {}, options, 1000),

  versions: (name: string, options: Options = {}): Promise<readonly RegisteredVersion[]> => all<RegisteredVersion>(`/v1/models/${part(name)}/versions`, {}, options, 200),

  version: (name: string, version: number, options: Options = {}): Promise<RegisteredVersion> => read<RegisteredVersion>(`/v1/models/${part(name)}/versions/${version}`, options),

  /** Registers the fit behind a forecast as the next version of a name. */
  register: (name: string, forecastId: string, reason: string): Promise<RegisteredVersion> => read<RegisteredVersion>(`/v1/models/${part(name)}/versions`, json({ forecastId, reason })),

  move: (name: string, version: number, to: 'promote' | 'retire', reason: string): Promise<RegisteredVersion> =>
    read<RegisteredVersion>(`/v1/models/${part(name)}/versions/${version}/${to}`, json({ reason })),

  schedules: async (options: Options = {}): Promise<readonly Schedule[]> => (await read<Schemas['ScheduleList']>('/v1/schedules', options)).items,

  /** A schedule with its latest jobs. */
  schedule: (id: string, options: Options = {}): Promise<Schedule> => read<Schedule>(`/v1/schedules/${part(id)}`, options),

  addSchedule: (wanted: Schemas['NewScheduleBody']): Promise<Schedule> => read<Schedule>('/v1/schedules', json(wanted)),

  setSchedule: (id: string, state: 'active' | 'paused'): Promise<Schedule> => read<Schedule>(`/v1/schedules/${part(id)}`, { ...json({ state }), method: 'PATCH' }),

  removeSchedule: async (id: string): Promise<void> => { await send(`/v1/schedules/${part(id)}`, { method: 'DELETE' }); },

  retrainings: async (name: string, options: Options = {}): Promise<readonly Retraining[]> => (await read<Page<Retraining>>(url('/v1/retrainings', { name, limit: 50 }), options)).items,

  /** A retraining with all that it looked at. */
  retraining: (id: string, options: Options = {}): Promise<Retraining> => read<Retraining>(`/v1/retrainings/${part(id)}`, options),

  decide: (id: string, to: 'approve' | 'reject', reason: string): Promise<Retraining> => read<Retraining>(`/v1/retrainings/${part(id)}/${to}`, json({ reason })),

  /** Jobs that go on now. */
  going: async (options: Options = {}): Promise<readonly Job[]> => (await read<Page<Job>>('/v1/jobs?limit=20&state=running&state=queued', options)).items,
};
