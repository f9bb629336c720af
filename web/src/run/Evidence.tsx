import type { ReactElement } from 'react';
import { pages } from '../api/pages';
import type { Run } from '../api/types';
import { useResource } from '../app/useResource';
import { Problem, Skeleton } from '../components/States';
import { HeatMap } from './HeatMap';
import { ReportPart } from './ReportPart';
import { Workers } from './Workers';

/** What the page shows of the report, in reading order; the rest stands in the report. */
const shown = ['significance', 'skill', 'horizon-errors', 'reliability', 'pit', 'quality', 'residuals', 'certificate', 'timings'] as const;

/** The evidence behind the scores of a finished run. */
export function Evidence({ run }: { run: Run }): ReactElement {
  const parts = useResource(`parts/${run.id}`, (signal) => pages.parts(run.id, shown, { signal }));
  const heat = useResource(`heat/${run.id}`, (signal) => pages.heat(run.id, { signal }));
  const listed = shown.flatMap((id) => parts.data?.filter((p) => p.id === id) ?? []);
  const absent = listed.filter((p) => typeof p.absence === 'string');
  return (
    <>
      {parts.error !== undefined && <Problem error={parts.error} what="The evidence could not be read." retry={parts.reload} />}
      {parts.data === undefined && parts.error === undefined && <Skeleton height={320} />}
      {heat.error !== undefined && <Problem error={heat.error} what="The heat map could not be read." retry={heat.reload} />}
      {listed.filter((p) => typeof p.absence !== 'string').map((part) => (
        <div key={part.id}>
          {part.id === 'reliability' && heat.data !== undefined && run.models.length > 1 && heat.data.steps.length * heat.data.series.length > 1 && <HeatMap heat={heat.data} />}
          <ReportPart part={part} />
        </div>
      ))}
      <Workers run={run} />
      {absent.length > 0 && (
        <section className="panel pad" aria-label="Not shown">
          <ul>{absent.map((part) => <li key={part.id} className="muted"><b>{part.title}</b>: {part.absence}</li>)}</ul>
        </section>
      )}
    </>
  );
}
