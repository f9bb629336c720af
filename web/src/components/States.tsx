import type { ReactElement, ReactNode } from 'react';
import { ApiError, unreachable } from '../api/problem';

/** Nothing to show: why, and the one thing to do. */
export function Empty({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return <div className="state"><h2>{title}</h2>{children}</div>;
}

/** Bars where content will be; seen only when waiting takes longer than a moment. */
export function Skeleton({ height }: { height: number }): ReactElement {
  return <div className="skeleton" style={{ height }} role="status"><span className="spoken">Loading</span></div>;
}

/** What went wrong, with the server's own words, and what to do. */
export function Problem({ error, what, retry }: { error: unknown; what: string; retry?: () => void }): ReactElement | null {
  const known = error instanceof ApiError ? error : null;
  // The page asks for a key above, once for all that was refused.
  if (known?.status === 401) return null;
  const message = error instanceof Error ? error.message : String(error);
  const code = known === null || known.problem.type === 'about:blank' ? null : known.problem.type;
  return (
    <div className="alert" role="alert">
      <p><b>{what}</b> {sentence(message)}</p>
      {known !== null && known.faults.length > 0 && (
        <ul>{known.faults.map((f, i) => <li key={i}>{f.pointer !== undefined && <><code>{f.pointer}</code>: </>}{f.detail}</li>)}</ul>
      )}
      {known?.retryAfter !== null && known?.retryAfter !== undefined && <p>Try again in {known.retryAfter} s.</p>}
      {(code !== null || retry !== undefined) && (
        <p className="alert-foot">
          {retry !== undefined && <button type="button" className="quiet" onClick={retry}>Try again</button>}
          {code !== null && known?.problem !== unreachable && <code>{code}</code>}
        </p>
      )}
    </div>
  );
}

/** A message as a sentence: the server's messages begin small. The name of a file or a model at their head stays as it is. */
function sentence(text: string): string {
  const whole = /^[a-z]+\s/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
