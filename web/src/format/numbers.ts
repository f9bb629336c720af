/** Numbers as people read them: a true minus sign, a stated number of digits, never NaN. The report follows the same rules. */
const minus = '\u2212';
const space = '\u00a0';

/** Decimals that give the smallest of the values `digits` significant digits, so that a column lines up; at most 8. */
export function decimalsFor(values: readonly (number | null)[], digits = 3): number {
  const sizes = values.filter((v): v is number => v !== null && Number.isFinite(v) && v !== 0).map(Math.abs);
  const smallest = sizes.length === 0 ? 1 : Math.min(...sizes);
  return Math.min(8, Math.max(0, digits - 1 - Math.floor(Math.log10(smallest))));
}

export function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '\u2013';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-7 || size >= 1e12)) return (value < 0 ? minus : '') + size.toExponential(digits - 1);
  return fixed(value, decimalsFor([value], digits));
}

/** 0.124 is "12.4 %". */
export const percent = (share: number, decimals = 1): string => `${fixed(share * 100, decimals)}${space}%`;

/** A difference with its sign: "+3.1 %", "−12.4 %"; no sign on what rounds to zero. */
export function signedPercent(share: number): string {
  const text = percent(share);
  return share > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** A level as people name it: 0.975 is "97.5 %". */
export const level = (value: number): string => `${Number((value * 100).toFixed(6))}${space}%`;

/** How often outcomes lie inside: people read "8 in 10" more truly than "80 %". */
export function frequencyWords(nominal: number): string {
  for (const of of [10, 20, 100, 1000])
    if (Math.abs(nominal * of - Math.round(nominal * of)) < 1e-6) return `${Math.round(nominal * of)} in ${of}`;
  return `${level(nominal)} of`;
}

export const count = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });
