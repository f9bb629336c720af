import { useMemo, useRef, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react';
import type { Overview } from '../api/pageTypes';
import { place } from '../format/times';
import type { Stretch } from './window';

const width = 1000;
const height = 48;
const pad = 3;

interface Props {
  readonly overview: Overview;
  readonly whole: Stretch;
  readonly seen: Stretch;
  readonly words: (at: number) => string;
  readonly onChange: (seen: Stretch) => void;
}

type Grip = 'from' | 'to' | 'both';

/** The whole series in a strip, and the part of it that the chart shows: drag its ends or its middle, or move them with the arrow keys. */
export function Brush({ overview, whole, seen, words, onChange }: Props): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<{ grip: Grip; at: number; seen: Stretch } | null>(null);
  const span = whole.to - whole.from || 1;
  const path = useMemo(() => outline(overview, whole), [overview, whole.from, whole.to]);
  const percent = (at: number): number => Math.min(100, Math.max(0, (100 * (at - whole.from)) / span));
  const least = span / 500;

  const moved = (grip: Grip, from: Stretch, by: number): Stretch => {
    if (grip === 'from') return { from: Math.min(from.to - least, Math.max(whole.from, from.from + by)), to: from.to };
    if (grip === 'to') return { from: from.from, to: Math.max(from.from + least, Math.min(whole.to, from.to + by)) };
    const bound = Math.max(whole.from - from.from, Math.min(whole.to - from.to, by));
    return { from: from.from + bound, to: from.to + bound };
  };
  const at = (event: PointerEvent): number => {
    const rect = box.current?.getBoundingClientRect();
    return rect === undefined ? 0 : whole.from + ((event.clientX - rect.left) / rect.width) * span;
  };
  const grab = (grip: Grip) => (event: PointerEvent<HTMLElement>): void => {
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus();
    held.current = { grip, at: at(event), seen };
  };
  const drag = (event: PointerEvent): void => {
    const grip = held.current;
    if (grip !== null) onChange(moved(grip.grip, grip.seen, at(event) - grip.at));
  };
  const release = (): void => { held.current = null; };
  const jump = (event: PointerEvent): void => {
    const middle = (seen.from + seen.to) / 2;
    onChange(moved('both', seen, at(event) - middle));
  };
  const onKey = (grip: Grip) => (event: KeyboardEvent): void => {
    const stride = (event.shiftKey ? 10 : 1) * Math.max(least, (seen.to - seen.from) / 20);
    const by = { ArrowLeft: -stride, ArrowDown: -stride, ArrowRight: stride, ArrowUp: stride, Home: -span, End: span }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onChange(moved(grip, seen, by));
  };
  const slider = (grip: Grip, name: string, now: number) => ({
    role: 'slider', tabIndex: 0, 'aria-label': name, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.round(percent(now) * 10) / 10, 'aria-valuetext': words(now),
    onPointerDown: grab(grip), onPointerMove: drag, onPointerUp: release, onPointerCancel: release, onKeyDown: onKey(grip),
  });
  return (
    <div className="brush" ref={box} onPointerDown={jump} role="group" aria-label="Range shown">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true"><path d={path} /></svg>
      <div className="brush-window" style={{ left: `${percent(seen.from)}%`, right: `${100 - percent(seen.to)}%` }}>
        <span className="brush-grip" {...slider('from', 'First date shown', seen.from)} />
        <span className="brush-middle" {...slider('both', 'Range shown', (seen.from + seen.to) / 2)} />
        <span className="brush-grip" {...slider('to', 'Last date shown', seen.to)} />
      </div>
    </div>
  );
}

/** The band between the smallest and the largest values; a gap where there are none. */
function outline(overview: Overview, whole: Stretch): string {
  const known = [...overview.low, ...overview.high].filter((v): v is number => v !== null);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const x = (i: number): number => ((place(overview.timestamps[i] ?? '0') - whole.from) / (whole.to - whole.from || 1)) * width;
  const y = (v: number): number => height - pad - ((v - low) / (high - low || 1)) * (height - 2 * pad);
  let text = '';
  let pen = false;
  overview.low.forEach((a, i) => {
    const b = overview.high[i] ?? null;
    if (a === null || b === null) { pen = false; return; }
    text += `${pen ? 'L' : 'M'}${x(i).toFixed(1)} ${y(a).toFixed(1)}${a === b ? '' : `L${x(i).toFixed(1)} ${y(b).toFixed(1)}`}`;
    pen = true;
  });
  return text;
}
