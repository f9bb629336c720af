const day = 86_400_000;

/** True where the clock time matters: steps below a day. */
export const hasClock = (frequency: string): boolean => /^PT/.test(frequency);

/** A time of a series on the axis: milliseconds of its instant in UTC, or the number of its row where rows are only numbered. */
export function place(time: string): number {
  if (/^\d{1,9}$/.test(time)) return Number(time);
  const instant = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(time) || !time.includes('T') ? time : `${time}Z`);
  if (Number.isNaN(instant)) throw new Error(`'${time}' is no time`);
  return instant;
}

/** "2024-03-28" or, where the clock matters, "2024-03-28 21:00 UTC". */
export function when(time: string, clock: boolean): string {
  const iso = new Date(place(time)).toISOString();
  return clock ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : iso.slice(0, 10);
}

/** An instant for lists: date and minute, in UTC. */
export const stamp = (time: string): string => when(time, true);

/** "42 s", "3 min 07 s", "2 h 05 min", "3 d 4 h". */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  if (ms < day) return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`;
  return `${Math.floor(ms / day)} d ${Math.floor((ms % day) / 3_600_000)} h`;
}
