import { useMemo, useState, type ReactElement } from 'react';
import { api } from '../api/client';
import { pages } from '../api/pages';
import type { Overview } from '../api/pageTypes';
import type { Dataset } from '../api/types';
import { Link, navigate, useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { Problem, Skeleton } from '../components/States';
import { frequencyWords } from '../format/frequencies';
import { count, percent } from '../format/numbers';
import { stamp } from '../format/times';
import { Upload } from './Upload';

/** Series whose coverage is drawn at once; more are asked for. */
const atOnce = 20;

/** What there is, and how clean it is. */
export function Data(): ReactElement {
  useTitle('Data');
  const query = useQuery();
  const datasets = useResource('datasets', (signal) => api.datasets({ signal }), true);
  const [text, setText] = useState('');
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== '');
  const shown = (datasets.data ?? []).filter((d) => words.every((w) => `${d.name} ${d.title ?? ''}`.toLowerCase().includes(w)));
  const uploading = query.get('upload') !== null;
  const name = query.get('name');
  return (
    <>
      <header className="head">
        <div><h1>Data</h1><p>Series that ship with the platform, and those that were uploaded.</p></div>
        <button type="button" className="primary" aria-expanded={uploading} onClick={() => query.set({ upload: uploading ? null : '1' })}>Upload CSV</button>
      </header>
      {uploading && <Upload onStored={(stored) => { datasets.reload(); query.set({ upload: null, name: stored }); }} onClose={() => query.set({ upload: null })} />}
      {datasets.error !== undefined && <Problem error={datasets.error} what="The list of data sets could not be read." retry={datasets.reload} />}
      {datasets.data === undefined && datasets.error === undefined && <Skeleton height={420} />}
      {name !== null && <Cleanliness key={name} name={name} />}
      {datasets.data !== undefined && (
        <section className="panel" aria-label="Data sets">
          <div className="toolbar"><label>Find <input type="search" value={text} onChange={(e) => setText(e.target.value)} /></label><span className="muted">{shown.length} of {datasets.data.length} data sets</span></div>
          <div className="scroll" tabIndex={0} role="group" aria-label="Table of data sets">
            <table>
              <caption>Data sets</caption>
              <thead><tr><th scope="col">Name</th><th scope="col">Frequency</th><th scope="col" className="n">Series</th><th scope="col" className="n">Rows</th><th scope="col">Period</th><th scope="col">Licence</th><th scope="col">Hash</th><th scope="col"><span className="spoken">Actions</span></th></tr></thead>
              <tbody>{shown.map((d) => <Row key={d.name} dataset={d} chosen={d.name === name} />)}</tbody>
            </table>
          </div>
          {shown.length === 0 && <p className="muted pad">No data set has these words in its name. <button type="button" className="link" onClick={() => setText('')}>Show all</button></p>}
        </section>
      )}
    </>
  );
}

function Row({ dataset: d, chosen }: { dataset: Dataset; chosen: boolean }): ReactElement {
  const query = useQuery();
  return (
    <tr data-row className={chosen ? 'pinned' : undefined}>
      <th scope="row"><button type="button" className="link" onClick={() => query.set({ name: chosen ? null : d.name }, false)}>{d.name}</button><small>{d.title ?? (d.createdAt ? `uploaded ${stamp(d.createdAt)}` : '')}</small></th>
      <td>{d.frequency ? frequencyWords(d.frequency) : '–'}{d.calendar && d.calendar !== '24x7' && <small>{d.calendar}</small>}</td>
      <td className="n">{d.seriesCount ?? '–'}</td><td className="n">{typeof d.rows === 'number' ? count(d.rows) : '–'}</td>
      <td>{d.period ?? '–'}</td><td>{d.licence ?? '–'}</td><td className="mono" title={d.dataHash ?? undefined}>{d.dataHash?.slice(0, 8) ?? '–'}</td>
      <td className="n"><Link className="button quiet" href={`/explore?data=${encodeURIComponent(d.name)}`}>Explore</Link></td>
    </tr>
  );
}

/** Each series of a data set over time: where it has values, and how many are missing. */
function Cleanliness({ name }: { name: string }): ReactElement {
  const [most, setMost] = useState(atOnce);
  const dataset = useResource(`dataset/${name}`, (signal) => api.dataset(name, { signal }));
  const ids = (dataset.data?.series ?? []).slice(0, most).map((s) => s.id);
  const overviews = useResource(dataset.data === undefined ? null : `raster/${name}/${ids.length}`, async (signal) => {
    const found: Overview[] = [];
    // One after another: a data set of many series must not take all of the server.
    for (const id of ids) found.push(await pages.overview(name, id, { buckets: 200 }, { signal }));
    return found;
  }, true);
  const total = dataset.data?.series?.length ?? 0;
  const ends = useMemo(() => {
    const all = overviews.data ?? [];
    return { first: all.map((o) => o.first ?? '').filter((t) => t !== '').sort()[0] ?? '', last: all.map((o) => o.last ?? '').sort().at(-1) ?? '' };
  }, [overviews.data]);
  const { data } = dataset;
  return (
    <section className={`panel${overviews.busy ? ' busy' : ''}`} aria-label="Coverage">
      <div className="toolbar">
        <h2>{name}</h2>
        {data !== undefined && <span className="muted">{[data.frequency ? frequencyWords(data.frequency) : null, data.source, data.licence, data.dataHash ? `hash ${data.dataHash.slice(0, 12)}` : null].filter((t) => t).join('; ')}</span>}
      </div>
      {(dataset.error ?? overviews.error) !== undefined && <Problem error={dataset.error ?? overviews.error} what="The data set could not be read." retry={() => { dataset.reload(); overviews.reload(); }} />}
      {overviews.data === undefined && dataset.error === undefined && overviews.error === undefined && <Skeleton height={160} />}
      {overviews.data !== undefined && (
        <div className="scroll short" tabIndex={0} role="group" aria-label="Table of the coverage">
          <table>
            <caption>Coverage of the series of {name}</caption>
            <thead><tr><th scope="col">Series</th><th scope="col">Unit</th><th scope="col" className="n">Rows</th><th scope="col">First</th><th scope="col">Last</th><th scope="col" className="n">Missing</th><th scope="col" className="wide">Coverage<small>{ends.first.slice(0, 10)} to {ends.last.slice(0, 10)}, UTC; a break is a gap</small></th></tr></thead>
            <tbody>{overviews.data.map((o) => {
              const missing = o.missing.reduce((sum, n) => sum + n, 0);
              return (
                <tr key={o.id} data-row>
                  <th scope="row"><button type="button" className="link" onClick={() => navigate(`/explore?data=${encodeURIComponent(name)}&series=${encodeURIComponent(o.id)}`)}>{o.id}</button></th>
                  <td>{o.unit ?? <span className="muted">not stated</span>}</td><td className="n">{count(o.rows)}</td><td className="nowrap">{o.first ?? '–'}</td><td className="nowrap">{o.last ?? '–'}</td>
                  <td className="n">{missing === 0 ? '0' : `${count(missing)} (${percent(missing / o.rows)})`}</td>
                  <td><Raster overview={o} /></td>
                </tr>
              );
            })}</tbody>
          </table>
        </div>
      )}
      {total > ids.length && <p className="pad"><button type="button" onClick={() => setMost(most + 5 * atOnce)}>Show more of {count(total)} series</button></p>}
    </section>
  );
}

const rasterWidth = 200;

function Raster({ overview: o }: { overview: Overview }): ReactElement {
  const width = rasterWidth / Math.max(1, o.missing.length);
  return (
    <svg className="raster" viewBox={`0 0 ${rasterWidth} 10`} preserveAspectRatio="none" aria-hidden="true">
      {o.missing.map((missing, i) => {
        const share = 1 - missing / Math.max(1, Math.min(o.each, o.rows - i * o.each));
        return share > 0 && <rect key={i} x={i * width} y={10 - 10 * share} width={width} height={10 * share} fill="var(--model-1)" />;
      })}
    </svg>
  );
}
