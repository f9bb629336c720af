import { useId, useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { SeriesRef } from '../api/types';
import { SelectField } from '../components/fields';
import { count } from '../format/numbers';

/** Up to so many series a plain list serves best. */
const few = 30;
const shownMost = 50;

interface Props { readonly series: readonly SeriesRef[]; readonly id: string | null; readonly onChoose: (id: string) => void }

/** One of a few series from a list; one of thousands by any part of its name. */
export function SeriesPicker({ series, id, onChoose }: Props): ReactElement {
  return series.length <= few
    ? <SelectField label="Series" value={id ?? ''} disabled={series.length === 0} placeholder="–" onChange={onChoose} options={series.map((s) => ({ value: s.id, text: s.id }))} />
    : <Finder series={series} id={id} onChoose={onChoose} />;
}

function Finder({ series, id, onChoose }: Props): ReactElement {
  const [text, setText] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const name = useId();
  const lower = useMemo(() => series.map((s) => s.id.toLowerCase()), [series]);
  const words = (text ?? '').toLowerCase().split(/\s+/).filter((w) => w !== '');
  const matching = useMemo(() => series.filter((_, i) => words.every((w) => lower[i]?.includes(w))), [series, lower, words.join(' ')]);
  const shown = matching.slice(0, shownMost);
  const take = (chosen: SeriesRef | undefined): void => {
    if (chosen === undefined) return;
    setText(null);
    onChoose(chosen.id);
  };
  const onKey = (event: KeyboardEvent): void => {
    switch (event.key) {
      case 'ArrowDown': setAt(Math.min(shown.length - 1, at + 1)); if (text === null) setText(''); break;
      case 'ArrowUp': setAt(Math.max(0, at - 1)); break;
      case 'Enter': if (text === null) return; take(shown[at]); break;
      case 'Escape': setText(null); break;
      default: return;
    }
    event.preventDefault();
  };
  return (
    <div className="field finder" onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) setText(null); }}>
      <label htmlFor={name}>Series</label>
      <input id={name} role="combobox" autoComplete="off" spellCheck={false} value={text ?? id ?? ''} placeholder={`search ${count(series.length)} series`}
        aria-expanded={text !== null} aria-controls={`${name}-list`} aria-activedescendant={text === null ? undefined : `${name}-${at}`} aria-describedby={`${name}-hint`}
        onFocus={(e) => e.currentTarget.select()} onChange={(e) => { setText(e.target.value); setAt(0); }} onKeyDown={onKey} />
      <p id={`${name}-hint`} className="hint">{text === null ? `one of ${count(series.length)}` : `${count(matching.length)} of ${count(series.length)}${matching.length > shownMost ? `, the first ${shownMost} shown` : ''}`}</p>
      <ul id={`${name}-list`} role="listbox" aria-label="Series found" hidden={text === null}>
        {text !== null && shown.map((s, i) => (
          <li key={s.id} id={`${name}-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => e.preventDefault()} onClick={() => take(s)}>{s.id} <small>{count(s.rows)} rows</small></li>
        ))}
      </ul>
    </div>
  );
}
