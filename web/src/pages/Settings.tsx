import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { signIn, signOut, useAccess } from '../api/key';
import { change, useSettings } from '../app/settings';
import { keyTable } from '../app/shortcuts';
import { useTitle } from '../app/useTitle';
import { zones } from '../app/zone';
import { SelectField } from '../components/fields';
import { level } from '../format/numbers';

/** What belongs to this browser: the key, and how pages look. */
export function SettingsPage(): ReactElement {
  useTitle('Settings');
  const own = useSettings();
  return (
    <>
      <header className="head"><div><h1>Settings</h1><p>They belong to this browser; nothing is sent to the server.</p></div></header>
      <div className="settings">
        <Key />
        <section className="panel pad" aria-label="Look">
          <h2>Look</h2>
          <SelectField label="Colours" value={own.theme} onChange={(theme) => change({ theme: theme as typeof own.theme })} options={[{ value: 'system', text: 'as the system' }, { value: 'light', text: 'light' }, { value: 'dark', text: 'dark' }]} />
          <SelectField label="Density" value={own.density} onChange={(density) => change({ density: density as typeof own.density })} options={[{ value: 'normal', text: 'normal' }, { value: 'compact', text: 'compact' }]} />
          <SelectField label="Motion" value={own.motion} onChange={(motion) => change({ motion: motion as typeof own.motion })} options={[{ value: 'system', text: 'as the system' }, { value: 'none', text: 'none' }]} />
        </section>
        <section className="panel pad" aria-label="Charts">
          <h2>Charts</h2>
          <SelectField label="Time zone" value={own.zone} onChange={(zone) => change({ zone })} options={zones(own.zone).map((z) => ({ value: z, text: z }))} hint="For series with a clock. Dates without one stay as they are." />
          <SelectField label="Intervals of a new forecast" value={own.intervals} onChange={(intervals) => change({ intervals })}
            options={['50,80,95', '80', '80,95', '90,98'].map((value) => ({ value, text: value.split(',').map((p) => level(Number(p) / 100)).join(', ') }))} />
        </section>
        <section className="panel pad" aria-label="Keys">
          <h2>Keys</h2>
          <p><label className="check"><input type="checkbox" checked={own.keys} onChange={(e) => change({ keys: e.target.checked })} /> Letters work as keys</label></p>
          <details><summary>All keys</summary><dl className="keys">{keyTable.map(([keys, meaning]) => <div key={keys}><dt><kbd>{keys}</kbd></dt><dd>{meaning}</dd></div>)}</dl></details>
        </section>
      </div>
    </>
  );
}

function Key(): ReactElement {
  const { key } = useAccess();
  const [text, setText] = useState('');
  const id = useId();
  const send = (event: FormEvent): void => {
    event.preventDefault();
    signIn(text.trim());
    setText('');
  };
  return (
    <section className="panel pad" aria-label="API key">
      <h2>API key</h2>
      <p className="muted">{key === null ? 'No key is kept here. A server that needs one asks for it.' : `A key is kept here: ${key.slice(0, 11)}…`}</p>
      <form onSubmit={send} className="field">
        <label htmlFor={id}>{key === null ? 'Key' : 'Another key'}</label>
        <div className="sign-in-row">
          <input id={id} type="password" autoComplete="off" spellCheck={false} required value={text} onChange={(e) => setText(e.target.value)} />
          <button type="submit">Sign in</button>
        </div>
      </form>
      {key !== null && <div className="buttons"><button type="button" onClick={signOut}>Sign out</button></div>}
    </section>
  );
}
