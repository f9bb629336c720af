import type { Job, JobState } from './types';

/** What the page knows of a job while it watches. */
export interface LiveJob {
  readonly state: JobState;
  readonly cancelling: boolean;
  /** 0..1, or null before the first report. */
  readonly share: number | null;
  readonly message: string;
}

export const kinds = ['queued', 'running', 'progress', 'cancelling', 'succeeded', 'failed', 'cancelled'] as const;
export type EventKind = typeof kinds[number];

export const ended = (state: JobState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';

export const liveOf = (job: Job): LiveJob => ({
  state: job.state,
  cancelling: job.cancelRequested === true && !ended(job.state),
  share: job.progress ?? null,
  message: job.error?.detail ?? job.message ?? '',
});

/** The job after one more of its events; facts that an event does not carry stay as they were. */
export function apply(live: LiveJob, kind: EventKind, facts: Readonly<Record<string, unknown>>): LiveJob {
  const message = typeof facts['message'] === 'string' ? facts['message'] : live.message;
  switch (kind) {
    case 'queued': return { ...live, state: 'queued' };
    case 'running': return { ...live, state: 'running' };
    case 'progress': {
      const share = facts['share'];
      return { ...live, state: 'running', message, share: typeof share === 'number' ? Math.min(1, Math.max(0, share)) : live.share };
    }
    case 'cancelling': return { ...live, cancelling: true };
    case 'succeeded': return { ...live, state: 'succeeded', cancelling: false, share: 1 };
    case 'failed': return { ...live, state: 'failed', cancelling: false, message };
    case 'cancelled': return { ...live, state: 'cancelled', cancelling: false };
  }
}

/** The part of EventSource that watching needs, so that a test can stand in for it. */
export interface Source {
  readonly readyState: number;
  onerror: ((event: Event) => void) | null;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

export interface WatchOptions {
  readonly open: (after: string | undefined) => Source;
  readonly onChange: (live: LiveJob) => void;
  /** Shortest time between two changes, in milliseconds. */
  readonly pace?: number;
  readonly retry?: number;
}

const closed = 2;

/**
 * Follows the events of a job until it ends. The browser reconnects by itself and says where it was (Last-Event-ID); when it gives
 * up, for instance on a 503, we open a new connection that says the same. Events heard twice count once.
 */
export function watchJob(first: LiveJob, { open, onChange, pace = 250, retry = 3000 }: WatchOptions): () => void {
  let live = first;
  let last = 0;
  let told = -Infinity;
  let source: Source | null = null;
  let telling: ReturnType<typeof setTimeout> | undefined;
  let opening: ReturnType<typeof setTimeout> | undefined;

  const tell = (): void => {
    telling = undefined;
    told = Date.now();
    onChange(live);
  };
  const stop = (): void => {
    source?.close();
    source = null;
    clearTimeout(opening);
  };
  const hear = (kind: EventKind, event: MessageEvent<string>): void => {
    const seq = Number(event.lastEventId);
    if (Number.isFinite(seq) && seq > 0) {
      if (seq <= last) return;
      last = seq;
    }
    live = apply(live, kind, factsOf(event.data));
    if (ended(live.state)) {
      stop();
      clearTimeout(telling);
      tell();
      return;
    }
    telling ??= setTimeout(tell, Math.max(0, told + pace - Date.now()));
  };
  const connect = (): void => {
    const opened = open(last > 0 ? String(last) : undefined);
    source = opened;
    for (const kind of kinds) opened.addEventListener(kind, (event) => hear(kind, event));
    opened.onerror = () => {
      if (source !== opened || opened.readyState !== closed) return;
      source = null;
      opening = setTimeout(connect, retry);
    };
  };

  connect();
  return () => {
    stop();
    clearTimeout(telling);
  };
}

function factsOf(data: string): Readonly<Record<string, unknown>> {
  const { payload }: { payload?: unknown } = JSON.parse(data);
  return typeof payload === 'object' && payload !== null ? payload as Record<string, unknown> : {};
}
