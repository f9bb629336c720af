import type { ReactElement } from 'react';
import { ringOpacity } from '../charts/layers/fan';
import { rings } from '../fan/rings';
import { frequencyWords, level } from '../format/numbers';

/** What the marks of a fan mean; people read "8 in 10" more truly than "80 %". */
export function FanKey({ levels, outside, cutoff }: { levels: readonly number[]; outside: boolean; cutoff: boolean }): ReactElement {
  const shown = rings([...levels].sort((a, b) => a - b)).reverse();
  return (
    <ul className="key" aria-label="Key">
      {shown.map((r) => (
        <li key={r.nominal}>
          <svg width="18" height="12" aria-hidden="true"><rect x=".5" y=".5" width="17" height="11" className="key-ring" style={{ fillOpacity: 2 * ringOpacity(r.nominal) }} /></svg>
          {level(r.nominal)}: {frequencyWords(r.nominal)} outcomes inside
        </li>
      ))}
      {levels.some((p) => Math.abs(p - 0.5) < 1e-9) && <li><svg width="18" height="12" aria-hidden="true"><path d="M0 6h18" className="key-median" /></svg>median</li>}
      <li><svg width="18" height="12" aria-hidden="true"><path d="M0 6h18" className="key-actual" /></svg>actual</li>
      {outside && <li><svg width="12" height="12" aria-hidden="true"><path d="M6 1l5 5-5 5-5-5z" className="key-outside" /></svg>outside the widest interval</li>}
      {cutoff && <li><svg width="18" height="12" aria-hidden="true"><path d="M0 6h18" className="key-cutoff" /></svg>cutoff: the last row that was read</li>}
      {shown.length > 0 && <li className="muted">per step, not for the whole path</li>}
    </ul>
  );
}
