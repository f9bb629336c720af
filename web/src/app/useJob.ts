import { useEffect, useState } from 'react';
import { api } from '../api/client';
import { FetchSource } from '../api/fetchSource';
import { currentKey } from '../api/key';
import { ended, liveOf, watchJob, type LiveJob } from '../api/jobEvents';

/** A job as it goes on, at most four changes a second; null until its state is known or when there is no job to watch. */
export function useJob(id: string | null, onEnd: () => void): { readonly live: LiveJob | null; readonly runId: string | null; readonly error: unknown } {
  const [live, setLive] = useState<LiveJob | null>(null);
  const [runId, setRunId] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(undefined);

  useEffect(() => {
    setLive(null);
    setRunId(null);
    setError(undefined);
    if (id === null) return undefined;
    const control = new AbortController();
    let stop = (): void => undefined;
    let known: string | null = null;
    const findRun = (): void => {
      if (known !== null) return;
      api.job(id, control).then((job) => {
        known = job.runId ?? null;
        setRunId(known);
      }, () => undefined);
    };
    api.job(id, control).then((job) => {
      const first = liveOf(job);
      known = job.runId ?? null;
      setRunId(known);
      setLive(first);
      if (ended(first.state)) {
        onEnd();
        return;
      }
      stop = watchJob(first, {
        open: (after) => (currentKey() === null ? new EventSource(api.eventsPath(id, after)) : new FetchSource(api.eventsPath(id, after))),
        onChange: (next) => {
          setLive(next);
          findRun();
          if (ended(next.state)) onEnd();
        },
      });
    }, (reason: unknown) => { if (!control.signal.aborted) setError(reason); });
    return () => {
      control.abort();
      stop();
    };
    // `onEnd` is made anew on every render; only another job is watched anew.
  }, [id]);

  return { live, runId, error };
}
