/** The frequencies that a person is offered; any other ISO 8601 period can be typed. */
export const frequencies: readonly { readonly code: string; readonly words: string }[] = [
  { code: 'PT1H', words: 'hourly' },
  { code: 'P1D', words: 'daily' },
  { code: 'B', words: 'business days' },
  { code: 'P7D', words: 'weekly' },
  { code: 'P1M', words: 'monthly' },
  { code: 'P3M', words: 'quarterly' },
  { code: 'P1Y', words: 'yearly' },
  { code: 'index', words: 'rows are numbered, no dates' },
];

export const frequencyWords = (code: string): string => frequencies.find((f) => f.code === code)?.words ?? code;

/** A horizon that suits most uses of a frequency: a day of hours, two weeks of days, a year of months. */
export function usualHorizon(code: string): number {
  switch (code) {
    case 'PT1H': return 24;
    case 'PT30M': return 48;
    case 'P1D': return 14;
    case 'B': return 10;
    case 'P7D': return 8;
    case 'P1M': return 12;
    case 'P3M': return 8;
    case 'P1Y': return 5;
    default: return 12;
  }
}

/** Proposes the frequency that most steps of the times look like, or null. A person confirms it: it is never taken in silence. */
export function proposeFrequency(times: readonly string[]): string | null {
  const instants = times.map((t) => Date.parse(/^\d{4}-\d\d-\d\d$/.test(t) ? t : t.replace(' ', 'T') + (/([zZ]|[+-]\d\d:\d\d)$/.test(t) ? '' : 'Z')));
  if (times.length > 1 && times.every((t) => /^\d{1,9}$/.test(t) && !/^(1[89]|20)\d\d$/.test(t))) return 'index';
  if (instants.length < 2 || instants.some(Number.isNaN)) return null;
  const votes = new Map<string, number>();
  for (let i = 1; i < instants.length; i++) {
    const step = stepOf(new Date(instants[i - 1] ?? 0), new Date(instants[i] ?? 0));
    if (step !== null) votes.set(step, (votes.get(step) ?? 0) + 1);
  }
  const usual = [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  const weekend = instants.some((t) => [0, 6].includes(new Date(t).getUTCDay()));
  return usual === 'P1D' && instants.length >= 10 && !weekend ? 'B' : usual;
}

function stepOf(from: Date, to: Date): string | null {
  const ms = to.getTime() - from.getTime();
  if (ms <= 0) return null;
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  const lastDay = (d: Date): boolean => new Date(d.getTime() + 86_400_000).getUTCDate() === 1;
  const sameDay = ms % 86_400_000 === 0 && (from.getUTCDate() === to.getUTCDate() || (lastDay(from) && lastDay(to)));
  if (months > 0 && sameDay) return months % 12 === 0 ? `P${months / 12}Y` : `P${months}M`;
  if (ms % 86_400_000 === 0) return `P${ms / 86_400_000}D`;
  const minutes = ms / 60_000;
  if (!Number.isInteger(minutes)) return `PT${ms / 1000}S`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
