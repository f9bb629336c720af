import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import { pages } from '../api/pages';
import type { RegisteredName, RegisteredVersion } from '../api/pageTypes';
import type { Model } from '../api/types';
import { Link, useQuery } from '../app/router';
import { useResource } from '../app/useResource';
import { useTitle } from '../app/useTitle';
import { Dialog } from '../app/Dialog';
import { Empty, Problem, Skeleton } from '../components/States';
import { stamp } from '../format/times';
import { Retrainings } from './Retrainings';

const signs: Readonly<Record<string, readonly [string, string]>> = { champion: ['★', 'good'], candidate: ['○', 'focus'], retired: ['–', 'muted'] };

function Stage({ stage }: { stage: string }): ReactElement {
  const [sign, tone] = signs[stage] ?? ['?', 'warn'];
  return <span className={`status ${tone}`}><span aria-hidden="true">{sign}</span> {stage}</span>;
}

/** What serves, since when, and what else there is. */
export function Models(): ReactElement {
  useTitle('Models');
  const query = useQuery();
  const names = useResource('registry', (signal) => pages.registry({ signal }), true);
  const chosen = names.data?.find((n) => n.name === query.get('name')) ?? names.data?.[0];
  return (
    <>
      <header className="head"><div><h1>Models</h1><p>Fitted models that serve under a name, and the catalogue of all kinds.</p></div></header>
      {names.error !== undefined && <Problem error={names.error} what="The registry could not be read." retry={names.reload} />}
      {names.data === undefined && names.error === undefined && <Skeleton height={200} />}
      {names.data !== undefined && names.data.length === 0 && (
        <Empty title="Nothing is registered yet">
          <p>A forecast on <Link href="/explore">Explore</Link> can be registered under a name: its parameters are kept, and serve as name@champion once they are approved.</p>
        </Empty>
      )}
      {names.data !== undefined && names.data.length > 0 && <Names names={names.data} chosen={chosen?.name ?? null} choose={(name) => query.set({ name })} />}
      {chosen !== undefined && <Versions key={chosen.name} name={chosen.name} onChange={names.reload} />}
      {chosen !== undefined && <Retrainings key={`r/${chosen.name}`} name={chosen.name} onChange={names.reload} />}
      <Catalogue />
    </>
  );
}

function Names({ names, chosen, choose }: { names: readonly RegisteredName[]; chosen: string | null; choose: (name: string) => void }): ReactElement {
  return (
    <section className="panel" aria-label="Registered models">
      <div className="toolbar"><h2>Registered</h2></div>
      <div className="scroll" tabIndex={0} role="group" aria-label="Table of registered models">
        <table>
          <caption>Registered models</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">Serves</th><th scope="col">Model</th><th scope="col">Newest</th><th scope="col">Fitted to, UTC</th></tr></thead>
          <tbody>{names.map(({ name, newest, champion }) => (
            <tr key={name} data-row className={name === chosen ? 'pinned' : undefined}>
              <th scope="row"><button type="button" className="link" aria-pressed={name === chosen} onClick={() => choose(name)}>{name}</button></th>
              <td>{champion ? <>version {champion.version}</> : <span className="muted">none yet</span>}</td>
              <td className="mono">{(champion ?? newest).model}</td>
              <td>version {newest.version} <Stage stage={newest.stage} /></td>
              <td className="nowrap">{(champion ?? newest).fitCutoff ? stamp((champion ?? newest).fitCutoff ?? '').replace(' UTC', '') : '–'}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

function Versions({ name, onChange }: { name: string; onChange: () => void }): ReactElement {
  const versions = useResource(`versions/${name}`, async (signal) => Promise.all((await pages.versions(name, { signal })).slice(0, 50).map((v) => pages.version(name, v.version, { signal }))), true);
  const [moving, setMoving] = useState<{ version: RegisteredVersion; to: 'promote' | 'retire' } | null>(null);
  const champion = versions.data?.find((v) => v.stage === 'champion') ?? null;
  const candidate = versions.data?.find((v) => v.stage === 'candidate') ?? null;
  const done = (): void => { setMoving(null); versions.reload(); onChange(); };
  if (versions.error !== undefined) return <Problem error={versions.error} what={`The versions of ${name} could not be read.`} retry={versions.reload} />;
  if (versions.data === undefined) return <Skeleton height={240} />;
  const changes = versions.data.flatMap((v) => (v.stages ?? []).map((s) => ({ ...s, version: v.version }))).sort((a, b) => b.at.localeCompare(a.at));
  return (
    <>
      {candidate !== null && (
        <section className="panel pad" aria-label="Candidate">
          <h2>Version {candidate.version} waits to be judged</h2>
          <Difference old={champion} next={candidate} />
          <div className="buttons">
            <button type="button" className="primary" onClick={() => setMoving({ version: candidate, to: 'promote' })}>Approve</button>
            <button type="button" onClick={() => setMoving({ version: candidate, to: 'retire' })}>Reject</button>
          </div>
        </section>
      )}
      <div className="split">
        <section className="panel" aria-label="Versions">
          <div className="toolbar"><h2>Versions of {name}</h2></div>
          <div className="scroll" tabIndex={0} role="group" aria-label="Table of versions">
            <table>
              <caption>Versions of {name}</caption>
              <thead><tr><th scope="col">Version</th><th scope="col">Stage</th><th scope="col">Model</th><th scope="col">Made, UTC</th><th scope="col"><span className="spoken">Actions</span></th></tr></thead>
              <tbody>{versions.data.map((v) => (
                <tr key={v.version} data-row>
                  <th scope="row">{v.version}</th><td><Stage stage={v.stage} /></td><td className="mono">{v.model}</td><td className="nowrap">{stamp(v.createdAt).replace(' UTC', '')}</td>
                  <td className="n">
                    {v.stage === 'retired' && <button type="button" className="quiet" onClick={() => setMoving({ version: v, to: 'promote' })}>Promote</button>}
                    {v.stage === 'champion' && <button type="button" className="quiet" onClick={() => setMoving({ version: v, to: 'retire' })}>Retire</button>}
                  </td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        </section>
        <section className="panel pad" aria-label="History">
          <h2>Which version served when</h2>
          <ol className="timeline">{changes.map((c, i) => <li key={i}>Version {c.version} became <Stage stage={c.stage} /><small>{stamp(c.at)}{c.by ? `, by key ${c.by}` : ''}{c.reason ? `: ${c.reason}` : ''}</small></li>)}</ol>
        </section>
      </div>
      {moving !== null && <Move {...moving} champion={champion} onDone={done} onClose={() => setMoving(null)} />}
    </>
  );
}

const facts: readonly (readonly [string, (v: RegisteredVersion) => string])[] = [
  ['Version', (v) => String(v.version)], ['Model', (v) => v.model], ['Fitted to', (v) => (v.fitCutoff ? stamp(v.fitCutoff) : '–')], ['Data hash', (v) => v.dataHash.slice(0, 16)],
  ['Seed', (v) => String(v.seed)], ['Device', (v) => v.device], ['Engine', (v) => v.engine], ['Parameters', (v) => v.artefact.slice(0, 16)],
];

/** What would change if the candidate served. */
function Difference({ old, next }: { old: RegisteredVersion | null; next: RegisteredVersion }): ReactElement {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Champion and candidate">
      <table>
        <caption>Champion and candidate</caption>
        <thead><tr><th scope="col">Fact</th><th scope="col">Champion</th><th scope="col">Candidate</th></tr></thead>
        <tbody>{facts.map(([name, of]) => {
          const [before, after] = [old === null ? '–' : of(old), of(next)];
          return <tr key={name}><th scope="row">{name}</th><td className="mono">{before}</td><td className="mono">{before === after ? <span className="muted">the same</span> : <b>{after}</b>}</td></tr>;
        })}</tbody>
      </table>
    </div>
  );
}

interface MoveProps { readonly version: RegisteredVersion; readonly to: 'promote' | 'retire'; readonly champion: RegisteredVersion | null; readonly onDone: () => void; readonly onClose: () => void }

/** Nobody changes what serves without a reason. */
function Move({ version, to, champion, onDone, onClose }: MoveProps): ReactElement {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<unknown>(undefined);
  const id = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    pages.move(version.name, version.version, to, reason).then(onDone, setError);
  };
  return (
    <Dialog title={to === 'promote' ? `Make version ${version.version} the champion` : `Retire version ${version.version}`} onClose={onClose}>
      <form onSubmit={send}>
        {to === 'promote' && <Difference old={champion} next={version} />}
        <div className="field"><label htmlFor={id}>Reason</label><input id={id} required value={reason} onChange={(e) => setReason(e.target.value)} /><p className="hint">It stands in the history for good.</p></div>
        {error !== undefined && <Problem error={error} what="Nothing was changed." />}
        <div className="buttons"><button type="submit" className="primary">{to === 'promote' ? 'Promote' : 'Retire'}</button></div>
      </form>
    </Dialog>
  );
}

function Catalogue(): ReactElement {
  const [text, setText] = useState('');
  const models = useResource('models', (signal) => api.models({ signal }));
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== '');
  const shown = (models.data ?? []).filter((m) => words.every((w) => `${m.name} ${m.summary}`.toLowerCase().includes(w)));
  return (
    <section className="panel" aria-label="Catalogue">
      <div className="toolbar"><h2>Catalogue</h2><label>Find <input type="search" value={text} onChange={(e) => setText(e.target.value)} /></label><span className="muted">{models.data === undefined ? '' : `${shown.length} of ${models.data.length} kinds`}</span></div>
      {models.error !== undefined && <Problem error={models.error} what="The catalogue could not be read." retry={models.reload} />}
      {models.data === undefined && models.error === undefined && <Skeleton height={240} />}
      <div className="scroll short" tabIndex={0} role="group" aria-label="Table of the catalogue">
        <table>
          <caption>Kinds of models</caption>
          <thead><tr><th scope="col">Name</th><th scope="col">What it does</th><th scope="col">How it is written</th></tr></thead>
          <tbody>{shown.map((m) => <Kind key={m.name} model={m} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

const Kind = ({ model: m }: { model: Model }): ReactElement => <tr><th scope="row" className="mono">{m.name}</th><td>{m.summary}</td><td className="mono">{m.usage}<small>as in {m.example}</small></td></tr>;
