import { useEffect, useId, useState, type KeyboardEvent, type ReactElement } from 'react';
import { api } from '../api/client';
import { places } from './places';
import { navigate } from './router';

interface Found { readonly href: string; readonly name: string; readonly kind: string }

const most = 12;

async function gather(): Promise<readonly Found[]> {
  const [datasets, runs] = await Promise.all([api.datasets(), api.runs()]);
  return [
    ...places.map((p) => ({ href: p.href, name: p.name, kind: 'page' })),
    ...datasets.map((d) => ({ href: `/explore?data=${encodeURIComponent(d.name)}`, name: d.name, kind: 'data' })),
    ...runs.items.map((r) => ({ href: `/runs/${encodeURIComponent(r.id)}`, name: `${r.data} · ${r.models.join(', ')} · ${r.id.slice(-8)}`, kind: 'run' })),
  ];
}

/** Finds pages, data sets and runs by any part of their names. What there is, is read when somebody begins. */
export function Search({ inputId }: { inputId: string }): ReactElement {
  const [all, setAll] = useState<readonly Found[]>([]);
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const list = useId();
  useEffect(() => {
    if (!open) return;
    gather().then(setAll, () => setAll(places.map((p) => ({ href: p.href, name: p.name, kind: 'page' }))));
  }, [open]);
  const words = text.toLowerCase().split(/\s+/).filter((w) => w !== '');
  const found = words.length === 0 ? [] : all.filter((f) => words.every((w) => `${f.kind} ${f.name}`.toLowerCase().includes(w))).slice(0, most);
  const go = (to: Found | undefined): void => {
    if (to === undefined) return;
    navigate(to.href);
    setText('');
    setOpen(false);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    switch (event.key) {
      case 'ArrowDown': setAt(Math.min(found.length - 1, at + 1)); break;
      case 'ArrowUp': setAt(Math.max(0, at - 1)); break;
      case 'Enter': go(found[at]); break;
      case 'Escape': setText(''); event.currentTarget.blur(); break;
      default: return;
    }
    event.preventDefault();
  };
  const shown = open && found.length > 0;
  return (
    <div className="search" onBlur={(e) => { if (!e.currentTarget.contains(e.relatedTarget)) setOpen(false); }}>
      <input id={inputId} type="search" role="combobox" aria-label="Search" placeholder="Search  /" autoComplete="off" spellCheck={false} value={text}
        aria-expanded={shown} aria-controls={list} aria-activedescendant={shown ? `${list}-${at}` : undefined}
        onFocus={() => setOpen(true)} onChange={(e) => { setText(e.target.value); setAt(0); setOpen(true); }} onKeyDown={onKey} />
      <ul id={list} role="listbox" aria-label="Found" hidden={!shown}>
        {found.map((f, i) => (
          <li key={f.href} id={`${list}-${i}`} role="option" aria-selected={i === at} onMouseDown={(e) => e.preventDefault()} onClick={() => go(f)}>
            <small>{f.kind}</small> {f.name}
          </li>
        ))}
      </ul>
    </div>
  );
}
