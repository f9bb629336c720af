/** What the routes say that pages alone ask for, in the shapes of docs/openapi.json. */
import type { components } from './openapi';
import type { Heard } from './types';

type Schemas = components['schemas'];

/** A stretch of a series in buckets of `each` rows. */
export type Overview = Heard<Schemas['OverviewBody']>;

/** What the last rows of a series are made of. */
export type Anatomy = Heard<Schemas['AnatomyBody']>;

/** A part of a run's report; `html` is safe: the server escapes every value of the data. */
export type RunPart = Heard<Schemas['RunPartBody']>;
export type WorkItem = Heard<Schemas['WorkItemBody']>;
export type Heat = Schemas['HeatBody'];
export type Comparison = Schemas['ComparisonBody'];
export type RegisteredVersion = Schemas['RegisteredVersionBody'];
export type RegisteredName = Heard<Schemas['RegisteredNameBody']>;
