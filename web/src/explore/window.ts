import { place } from '../format/times';

/** A stretch of the time axis: milliseconds of the epoch, or row numbers. */
export interface Stretch { readonly from: number; readonly to: number }

/** How the server is asked for a place: an instant, or a row number. */
export const written = (at: number, dated: boolean): string => (dated ? new Date(Math.round(at)).toISOString() : String(Math.round(at)));

const text = (at: number, dated: boolean): string => (dated ? new Date(Math.round(at)).toISOString().replace(/T00:00:00\.000Z$/, '').replace(/\.000Z$/, 'Z') : String(Math.round(at)));

/** A stretch as it stands in an address, and back. */
export const stretchText = ({ from, to }: Stretch, dated: boolean): string => `${text(from, dated)}..${text(to, dated)}`;

export function stretchOf(said: string | null): Stretch | null {
  const [from, to] = (said ?? '').split('..');
  if (from === undefined || to === undefined || from === '' || to === '') return null;
  try {
    const found = { from: place(from), to: place(to) };
    return found.to > found.from ? found : null;
  } catch {
    // An address that was typed by hand: the whole series is shown.
    return null;
  }
}

/** A stretch that holds another with as much again on either side, so that the next pan finds its data there. */
export function withMargin(seen: Stretch, whole: Stretch): Stretch {
  const span = seen.to - seen.from;
  return { from: Math.max(whole.from, seen.from - span), to: Math.min(whole.to, seen.to + span) };
}

/** Whether what was read still serves what is seen: it covers it, and is fine enough for it. */
export const serves = (read: Stretch, seen: Stretch, whole: Stretch): boolean =>
  read.from <= Math.max(whole.from, seen.from) && read.to >= Math.min(whole.to, seen.to) && read.to - read.from <= 4.5 * (seen.to - seen.from);

export const percentOf = (seen: Stretch, whole: Stretch): { start: number; end: number } => {
  const span = whole.to - whole.from || 1;
  return { start: (100 * (seen.from - whole.from)) / span, end: (100 * (seen.to - whole.from)) / span };
};

export const stretchAt = ({ start, end }: { start: number; end: number }, whole: Stretch): Stretch => {
  const span = whole.to - whole.from;
  return { from: whole.from + (start / 100) * span, to: whole.from + (end / 100) * span };
};
