import { useState, type FormEvent, type ReactElement } from 'react';
import { pages } from '../api/pages';
import type { RegisteredVersion } from '../api/pageTypes';
import { Link } from '../app/router';
import { SelectField, TextField } from '../components/fields';
import { Problem } from '../components/States';
import type { Overlay } from './seriesChart';

/** Keeps the fit behind a forecast under a name, as a candidate that somebody approves. */
export function Register({ overlays }: { overlays: readonly Overlay[] }): ReactElement {
  const [model, setModel] = useState(overlays[0]?.model ?? '');
  const [name, setName] = useState('');
  const [reason, setReason] = useState('');
  const [made, setMade] = useState<RegisteredVersion | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  const id = overlays.find((o) => o.model === model)?.forecast.forecastId ?? null;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    setError(undefined);
    if (id !== null) pages.register(name.trim(), id, reason.trim()).then(setMade, setError);
  };
  return (
    <details className="panel pad">
      <summary>Register this fit</summary>
      {made !== null
        ? <p role="status">Version {made.version} of {made.name} is a candidate. <Link href={`/models?name=${encodeURIComponent(made.name)}`}>Judge it</Link></p>
        : (
          <form onSubmit={send}>
            <div className="form-grid">
              {overlays.length > 1 && <SelectField label="Fit of" value={model} onChange={setModel} options={overlays.map((o) => ({ value: o.model, text: o.model }))} />}
              <TextField label="Registered as" mono required value={name} onChange={setName} hint="letters, digits, - _ ." />
              <TextField label="Why" value={reason} onChange={setReason} hint="stands in its history" />
            </div>
            {error !== undefined && <Problem error={error} what="It was not registered." />}
            <div className="buttons"><button type="submit" disabled={id === null || name.trim() === ''}>Register</button></div>
          </form>
        )}
    </details>
  );
}
