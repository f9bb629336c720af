import { useCallback, useMemo, useState, type ReactElement, type ReactNode } from 'react';
import { pages } from '../api/pages';
import type { Anatomy } from '../api/pageTypes';
import type { SeriesData } from '../api/types';
import { useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import type { View } from '../charts/draw';
import { ChartCard } from '../components/ChartCard';
import { FanKey } from '../components/FanKey';
import { Problem, Skeleton } from '../components/States';
import { count } from '../format/numbers';
import { hasClock, place, when } from '../format/times';
import { Brush } from './Brush';
import { seriesChart, type Known, type Overlay } from './seriesChart';
import { useOverview } from './useOverview';
import { percentOf, stretchAt, stretchOf, stretchText, type Stretch } from './window';

const stripBuckets = 600;
const chartHeight = 320;
/** Rows that a series without a forecast shows at first. */
const plentyRows = 2000;

/** On a phone the same rows would be a scribble. */
const narrow = (): boolean => window.innerWidth < 640;

interface Props {
  readonly dataset: string;
  readonly series: SeriesData;
  readonly overlays: readonly Overlay[];
  readonly later: readonly Known[];
  readonly anatomy: Anatomy | null;
  readonly busy: boolean;
  readonly levels: readonly number[];
  readonly horizon: number | null;
  readonly command: () => string;
  readonly children: ReactNode;
}

/** A series of any length: a chart of a part of it, and below the whole of it in a strip, with which the part is chosen. */
export function SeriesView({ dataset, series, overlays, later, anatomy, busy, levels, horizon, command, children }: Props): ReactElement {
  const query = useQuery();
  const dated = series.frequency !== 'index';
  const clock = hasClock(series.frequency);
  const strip = useResource(`strip/${dataset}/${series.id}`, (signal) => pages.overview(dataset, series.id, { buckets: stripBuckets }, { signal }));
  const end = overlays.flatMap((o) => o.forecast.timestamps?.slice(-1) ?? []).map(place);
  const first = strip.data?.first ?? null;
  const last = strip.data?.last ?? null;
  const ends = first === null || last === null ? null : { from: place(first), to: Math.max(place(last), ...end) };
  const whole = useMemo((): Stretch | null => ends, [ends?.from, ends?.to]);

  // What a forecast is beside: enough of the past to judge it by.
  const recentRows = horizon === null ? plentyRows : Math.max(narrow() ? 48 : 120, (narrow() ? 3 : 6) * horizon);
  const start = series.timestamps[Math.max(0, series.timestamps.length - recentRows)];
  const recent = whole === null || start === undefined ? null : { from: place(start), to: whole.to };
  const [moved, setMoved] = useState<Stretch | null>(null);
  const said = query.get('range');
  const asked = moved ?? (said === 'all' ? whole : stretchOf(said)) ?? (series.values.length <= recentRows ? whole : recent);
  const seen = whole === null || asked === null ? null : { from: Math.max(whole.from, Math.min(asked.from, whole.to - 1)), to: Math.min(whole.to, Math.max(asked.to, whole.from + 1)) };
  const overview = useOverview(dataset, series.id, seen, whole, dated);

  // The address follows once the hand rests, so that a drag is one entry and no write a frame.
  const look = useCallback((next: Stretch): void => {
    setMoved(next);
    clearTimeout(timers.address);
    timers.address = setTimeout(() => { query.set({ range: stretchText(next, dated) }); setMoved(null); }, 400);
  }, [query, dated]);
  const onView = useCallback((view: View): void => { if (whole !== null) look(stretchAt(view, whole)); }, [whole, look]);
  const data = overview.data?.id === series.id ? overview.data : undefined;
  const spec = useMemo(() => (data === undefined || whole === null ? null : seriesChart({ overview: data, whole, overlays, later, anatomy })), [data, whole, overlays, later, anatomy]);
  const words = (at: number): string => (dated ? when(new Date(Math.round(at)).toISOString(), clock) : `row ${Math.round(at)}`);
  const missing = strip.data?.missing.reduce((sum, n) => sum + n, 0) ?? 0;
  const rows = strip.data?.rows ?? series.values.length;
  const isAll = whole !== null && seen !== null && seen.from <= whole.from && seen.to >= whole.to;

  return (
    <section className={`panel pad${busy || overview.busy ? ' busy' : ''}`} aria-label="Chart" aria-busy={busy}>
      {(strip.error ?? overview.error) !== undefined && <Problem error={strip.error ?? overview.error} what="The series could not be drawn." retry={() => { strip.reload(); overview.reload(); }} />}
      {spec === null || whole === null || seen === null || strip.data === undefined
        ? strip.error === undefined && <Skeleton height={chartHeight + 90} />
        : (
          <ChartCard key={`${dataset}/${series.id}`} title={series.id} spec={spec} height={chartHeight} canvas view={percentOf(seen, whole)} onView={onView} file={series.id} command={command}
            subtitle={`n = ${count(rows)}, ${words(place(first ?? '0'))} to ${words(place(last ?? '0'))}${missing > 0 ? `, ${count(missing)} missing` : ''}; shown ${words(seen.from)} to ${words(seen.to)}${(data?.each ?? 1) > 1 ? `, lowest and highest of each ${count(data?.each ?? 1)} rows` : ''}`}>
            <Brush overview={strip.data} whole={whole} seen={seen} words={words} onChange={look} />
            <div className="under-chart">
              {overlays.length > 1 && <ul className="key" aria-label="Models">{overlays.map((o, i) => <li key={o.model}><i className="chip" style={{ background: `var(--${o.color})` }} />{o.model}{i > 0 && <span className="muted">, median and 80 %</span>}</li>)}</ul>}
              <FanKey levels={overlays.length === 0 ? [] : levels} outside={false} cutoff={overlays.length > 0} />
              <div className="segments" role="group" aria-label="Range">
                <button type="button" aria-pressed={!isAll && said === null} onClick={() => { setMoved(null); query.set({ range: null }); }}>recent</button>
                <button type="button" aria-pressed={isAll} onClick={() => { setMoved(null); query.set({ range: 'all' }); }}>all</button>
              </div>
            </div>
          </ChartCard>
        )}
      {children}
    </section>
  );
}

/** One hand moves one chart at a time. */
const timers: { address: ReturnType<typeof setTimeout> | undefined } = { address: undefined };
