import type { Axis, AxisFormat } from './spec';

const minus = '\u2212';

/** A number for people: a true minus sign, at most `digits` significant digits, no exponent unless it is needed. */
export function formatNumber(value: number, digits = 4): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const text = size < 1e-5 || size >= 1e9
    ? size.toExponential(digits - 1).replace(/\.?0+e/, 'e')
    : size.toLocaleString('en-GB', { maximumSignificantDigits: digits });
  return value < 0 ? minus + text : text;
}

export function formatValue(value: number, format: AxisFormat | undefined, digits = 4): string {
  switch (format) {
    case 'percent': return `${formatNumber(value * 100, digits)} %`;
    case 'integer': return formatNumber(Math.round(value), 12);
    default: return formatNumber(value, digits);
  }
}

/** ISO date, with the clock time and its zone where it matters. */
export function formatTime(ms: number, clock: boolean, zone = 'UTC'): string {
  const iso = new Date(ms).toISOString();
  return clock ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} ${zone}` : iso.slice(0, 10);
}

/** Where on the axis a point stands. */
export function formatPlace(value: number, axis: Axis): string {
  switch (axis.kind) {
    case 'time': return formatTime(value, axis.clock ?? false, axis.zone);
    case 'category': return axis.labels?.[value] ?? String(value);
    default: return axis.labels !== undefined ? `${axis.name ?? ''} ${axis.labels[Math.floor(value)] ?? ''}` : axis.name === undefined ? formatValue(value, axis.format) : `${axis.name} ${formatValue(value, axis.format)}`;
  }
}
