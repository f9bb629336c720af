import { useEffect, useRef, useState } from 'react';
import { pages } from '../api/pages';
import type { Overview } from '../api/pageTypes';
import { useResource, type Resource } from '../app/useResource';
import { serves, withMargin, written, type Stretch } from './window';

// Two points a bucket, and one bucket more at either end: at most 2,500 points.
const buckets = 1248;
/** A pan that goes on asks once it pauses so long, in milliseconds. */
const pause = 90;

/** The data of what is seen with a margin: the coarse ones stay until the finer ones are there. */
export function useOverview(dataset: string, series: string, seen: Stretch | null, whole: Stretch | null, dated: boolean): Resource<Overview> {
  const [asked, setAsked] = useState<Stretch | null>(null);
  const latest = useRef(asked);
  latest.current = asked;
  useEffect(() => {
    if (seen === null || whole === null) return undefined;
    const read = latest.current;
    if (read !== null && serves(read, seen, whole)) return undefined;
    const timer = setTimeout(() => setAsked(withMargin(seen, whole)), read === null ? 0 : pause);
    return () => clearTimeout(timer);
  }, [seen?.from, seen?.to, whole?.from, whole?.to]);
  useEffect(() => setAsked(null), [dataset, series]);
  const key = asked === null ? null : `${dataset}/${series}/${asked.from}/${asked.to}`;
  return useResource(key, (signal) => {
    const { from, to } = asked as Stretch;
    return pages.overview(dataset, series, { from: written(from, dated), to: written(to, dated), buckets }, { signal });
  }, true);
}
