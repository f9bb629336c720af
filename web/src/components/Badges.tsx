import type { ReactElement } from 'react';

/** A verdict as word, sign and colour together: never colour alone. */
export function Verdict({ verdict }: { verdict: string }): ReactElement {
  switch (verdict) {
    case 'clean': return <span className="badge good">✓ clean</span>;
    case 'contaminated': return <span className="badge bad">✕ contaminated</span>;
    default: return <span className="badge warn">? {verdict}</span>;
  }
}

const signs: Readonly<Record<string, readonly [sign: string, tone: string]>> = {
  created: ['○', 'muted'],
  queued: ['○', 'muted'],
  running: ['▸', 'focus'],
  cancelling: ['◌', 'warn'],
  finished: ['✓', 'good'],
  succeeded: ['✓', 'good'],
  failed: ['✕', 'bad'],
  cancelled: ['–', 'muted'],
};

export function Status({ status }: { status: string }): ReactElement {
  const [sign, tone] = signs[status] ?? ['?', 'warn'];
  return <span className={`status ${tone}`}><span aria-hidden="true">{sign}</span> {status}</span>;
}

/** Colour token of a model by its place in its run; the first one, the baseline, is grey. */
export const modelColor = (position: number): string => (position === 0 ? 'muted' : `model-${((position - 1) % 6) + 1}`);

export function ModelName({ name, position }: { name: string; position: number }): ReactElement {
  return <span className="model"><i className="chip" style={{ background: `var(--${modelColor(position)})` }} />{name}</span>;
}

/** Share done, as a bar in a box that never moves, and in words. */
export function Progress({ share, text }: { share: number | null; text: string }): ReactElement {
  const done = Math.round((share ?? 0) * 1000) / 10;
  return (
    <div className="progress">
      <div className="progress-bar" role="progressbar" aria-valuemin={0} aria-valuemax={100} aria-valuenow={share === null ? undefined : done} aria-label="Progress">
        <i style={{ width: `${done}%` }} />
      </div>
      <span className="progress-text" title={text}>{text}</span>
    </div>
  );
}
