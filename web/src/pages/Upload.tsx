import { useState, type DragEvent, type FormEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import { SelectField, TextField } from '../components/fields';
import { Problem } from '../components/States';
import { datasetName, readHead, type CsvHead } from '../format/csv';
import { frequencies, frequencyWords, proposeFrequency } from '../format/frequencies';

/** Enough of a file to show its columns and to propose its frequency. */
const headBytes = 65_536;

interface Chosen { readonly file: File; readonly packed: boolean; readonly head: CsvHead | null; readonly proposed: string | null }

/** Stores a CSV file as a data set: what is in it is shown, its frequency proposed, and a person confirms. */
export function Upload({ onStored, onClose }: { onStored: (name: string) => void; onClose: () => void }): ReactElement {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [name, setName] = useState('');
  const [frequency, setFrequency] = useState('');
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);

  const take = (file: File | undefined): void => {
    if (file === undefined) return;
    setError(undefined);
    look(file).then((found) => {
      setChosen(found);
      setName(datasetName(file.name));
      setFrequency(found.proposed ?? '');
    }, setError);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    if (chosen === null) return;
    setBusy(true);
    setError(undefined);
    api.upload(chosen.file, name, frequency, chosen.packed).then((stored) => onStored(stored.name), (reason: unknown) => {
      setError(reason);
      setBusy(false);
    });
  };
  const known = frequency === '' || frequencies.some((f) => f.code === frequency);
  return (
    <section className="panel pad" aria-label="Upload">
      <form onSubmit={send}>
        <label className={`drop${over ? ' over' : ''}`} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
          <input type="file" accept=".csv,.gz,text/csv,application/gzip" onChange={(e) => take(e.target.files?.[0])} />
          <span>{chosen === null ? 'Choose a .csv or .csv.gz file, or drop it here' : chosen.file.name}</span>
          <small>A column of dates and a column for each series, or the long form: unique_id, ds, y</small>
        </label>
        {chosen !== null && (
          <>
            {chosen.head !== null && <Preview head={chosen.head} />}
            <div className="form-grid">
              <TextField label="Name" mono required value={name} onChange={setName} />
              <SelectField label="Frequency" value={frequency} placeholder="choose one" onChange={setFrequency}
                options={[...frequencies.map((f) => ({ value: f.code, text: `${f.words} (${f.code})` })), ...(known ? [] : [{ value: frequency, text: frequency }])]}
                hint={chosen.proposed === null ? 'The rows do not tell it: say how they are spaced.' : `The rows look ${frequencyWords(chosen.proposed)}. Change it if that is wrong.`} />
            </div>
          </>
        )}
        {error !== undefined && <Problem error={error} what="The file was not stored." />}
        <div className="buttons">
          <button type="submit" className="primary" disabled={busy || chosen === null || frequency === '' || name === ''}>{busy ? 'Sending' : 'Store and show'}</button>
          <button type="button" className="quiet" onClick={onClose}>Close</button>
        </div>
      </form>
    </section>
  );
}

async function look(file: File): Promise<Chosen> {
  const packed = /\.gz$/i.test(file.name);
  // A packed file is looked into by the server alone.
  const head = packed ? null : readHead(await file.slice(0, headBytes).text(), file.size > headBytes);
  return { file, packed, head, proposed: head === null ? null : proposeFrequency(head.times) };
}

function Preview({ head }: { head: CsvHead }): ReactElement {
  return (
    <div className="scroll preview" tabIndex={0} role="group" aria-label="First rows">
      <table>
        <caption>First rows of the file</caption>
        <thead><tr>{head.columns.map((c, i) => <th key={i} scope="col">{c}<small>{i === head.time ? 'time' : ''}</small></th>)}</tr></thead>
        <tbody>{head.rows.slice(0, 4).map((row, i) => <tr key={i}>{row.map((cell, k) => <td key={k}>{cell}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}
