import { useState, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import { ended } from '../api/jobEvents';
import { pages, type Schedule } from '../api/pages';
import { Link, useQuery } from '../app/router';
import { useSettings } from '../app/settings';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { zones } from '../app/zone';
import { SelectField, TextField } from '../components/fields';
import { Empty, Problem, Skeleton } from '../components/States';
import { splitModels } from '../format/models';
import { stamp } from '../format/times';

const rules = [
  ['0 6 * * *', 'every day at 06:00'], ['0 18 * * MON-FRI', 'every weekday at 18:00'], ['0 7 * * MON', 'every Monday at 07:00'], ['0 7 1 * *', 'on the first of each month at 07:00'], ['0 * * * *', 'every hour'],
] as const;

const inWords = (cron: string): string => rules.find(([rule]) => rule === cron)?.[1] ?? cron;

/** An instant as the clocks of a zone show it. */
const local = (instant: string, zone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' }).format(new Date(instant));

/** What fires next, and what failed. */
export function Schedules(): ReactElement {
  useTitle('Schedules');
  const query = useQuery();
  const list = useResource('schedules', async (signal) => Promise.all((await pages.schedules({ signal })).map((s) => pages.schedule(s.id, { signal }))), true);
  const making = query.get('new') !== null;
  return (
    <>
      <header className="head">
        <div><h1>Schedules</h1><p>Back-tests that are made again and again, one job for each instant.</p></div>
        <button type="button" className="primary" aria-expanded={making} onClick={() => query.set({ new: making ? null : '1' })}>New schedule</button>
      </header>
      {making && <New onMade={() => { query.set({ new: null }); list.reload(); }} onClose={() => query.set({ new: null })} />}
      {list.error !== undefined && <Problem error={list.error} what="The schedules could not be read." retry={list.reload} />}
      {list.data === undefined && list.error === undefined && <Skeleton height={240} />}
      {list.data !== undefined && list.data.length === 0 && !making && (
        <Empty title="Nothing is scheduled"><p>A schedule makes the same back-test again when new data have come, and shows when a model gets worse.</p></Empty>
      )}
      {list.data !== undefined && list.data.length > 0 && <List schedules={list.data} reload={list.reload} />}
    </>
  );
}

function List({ schedules, reload }: { schedules: readonly Schedule[]; reload: () => void }): ReactElement {
  const [error, setError] = useState<unknown>(undefined);
  const act = (done: Promise<unknown>): void => { setError(undefined); done.then(reload, setError); };
  return (
    <section className="panel" aria-label="List of schedules">
      {error !== undefined && <Problem error={error} what="Nothing was changed." />}
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of schedules">
        <table>
          <caption>Schedules</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">Rule</th><th scope="col">Next<small>in its zone, and UTC</small></th><th scope="col">Latest jobs<small>newest right</small></th><th scope="col"><span className="spoken">Actions</span></th></tr></thead>
          <tbody>{schedules.map((s) => (
            <tr key={s.id} data-row>
              <th scope="row">{s.name}<small>{s.state === 'paused' ? 'paused' : `misfires: ${s.misfire}`}</small></th>
              <td>{inWords(s.cron)}<small className="mono">{s.cron}, {s.timeZone}</small></td>
              <td>{s.nextAt.length === 0 ? <span className="muted">not while it is paused</span> : s.nextAt.slice(0, 3).map((at) => <div key={at} className="nowrap">{local(at, s.timeZone)} <small>{stamp(at)}</small></div>)}</td>
              <td>{(s.jobs ?? []).length === 0 ? <span className="muted">none yet</span> : <ol className="firings">{[...s.jobs ?? []].reverse().map(({ scheduledAt, job }) => <li key={scheduledAt}><Fired at={scheduledAt} state={job.state} run={job.runId ?? null} /></li>)}</ol>}</td>
              <td className="n">
                <button type="button" className="quiet" onClick={() => act(pages.setSchedule(s.id, s.state === 'paused' ? 'active' : 'paused'))}>{s.state === 'paused' ? 'Resume' : 'Pause'}</button>
                <button type="button" className="quiet" onClick={() => act(pages.removeSchedule(s.id))}>Remove</button>
              </td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

const signs: Readonly<Record<string, readonly [string, string]>> = { succeeded: ['●', 'good'], failed: ['✕', 'bad'], cancelled: ['–', 'muted'], running: ['▸', 'focus'], queued: ['○', 'muted'] };

/** What became of a firing: a sign, its colour and its words; a run that is there is one click away. */
function Fired({ at, state, run }: { at: string; state: string; run: string | null }): ReactElement {
  const [sign, tone] = signs[state] ?? ['?', 'warn'];
  const said = `${stamp(at)}: ${state}`;
  return run !== null && ended(state as 'succeeded')
    ? <Link className={tone} href={`/runs/${encodeURIComponent(run)}`} title={said} aria-label={said}>{sign}</Link>
    : <span className={tone} title={said} role="img" aria-label={said}>{sign}</span>;
}

function New({ onMade, onClose }: { onMade: () => void; onClose: () => void }): ReactElement {
  const { zone: own } = useSettings();
  const datasets = useResource('datasets', (signal) => api.datasets({ signal }));
  const [name, setName] = useState('');
  const [cron, setCron] = useState<string>(rules[0][0]);
  const [zone, setZone] = useState(own);
  const [misfire, setMisfire] = useState('once');
  const [data, setData] = useState('');
  const [models, setModels] = useState('seasonal-naive, arima(1,1,1)');
  const [horizon, setHorizon] = useState('12');
  const [error, setError] = useState<unknown>(undefined);
  const chosen = data === '' ? datasets.data?.[0]?.name ?? '' : data;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setError(undefined);
    pages.addSchedule({ name, cron, timeZone: zone, misfire, backtest: { data: chosen, models: splitModels(models), horizon: Number(horizon) } }).then(onMade, setError);
  };
  return (
    <section className="panel pad" aria-label="New schedule">
      <form onSubmit={send}>
        <div className="form-grid">
          <TextField label="Name" mono required value={name} onChange={setName} />
          <SelectField label="Rule" value={rules.some(([rule]) => rule === cron) ? cron : ''} placeholder="as written" onChange={setCron} options={rules.map(([value, text]) => ({ value, text }))} />
          <TextField label="As cron" mono required value={cron} onChange={setCron} hint="minute, hour, day, month, weekday" />
          <SelectField label="Zone of the rule" value={zone} onChange={setZone} options={zones(zone).map((z) => ({ value: z, text: z }))} hint="where clocks change, an hour that is missing or stands twice fires once" />
          <SelectField label="Missed instants" value={misfire} onChange={setMisfire} options={[{ value: 'once', text: 'one job for all of them' }, { value: 'skip', text: 'leave them out' }, { value: 'all', text: 'a job for each' }]} />
          <SelectField label="Data set" value={chosen} onChange={setData} options={(datasets.data ?? []).map((d) => ({ value: d.name, text: d.name }))} />
          <TextField label="Horizon, rows" type="number" min={1} required value={horizon} onChange={setHorizon} />
        </div>
        <TextField label="Models, the first is the baseline" mono required value={models} onChange={setModels} />
        {error !== undefined && <Problem error={error} what="The schedule was not made." />}
        <div className="buttons"><button type="submit" className="primary" disabled={name === '' || chosen === ''}>Make</button><button type="button" className="quiet" onClick={onClose}>Close</button></div>
      </form>
    </section>
  );
}
