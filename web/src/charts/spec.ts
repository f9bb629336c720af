/**
 * What a chart shows, without how it is drawn. The server writes these objects as JSON; the same shapes serve report and pages.
 * Times are milliseconds of the Unix epoch, UTC. `null` in a list is a missing value: marks break there, nothing bridges it.
 */
export interface ChartSpec {
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Lists of x values; a layer names the one it uses by index. */
  readonly xs: readonly (readonly number[])[];
  readonly layers: readonly Layer[];
  /** True where zooming along x is worth it. */
  readonly zoom?: boolean;
}

export type AxisFormat = 'number' | 'percent' | 'integer';

export interface Axis {
  readonly kind: 'time' | 'number' | 'category';
  readonly name?: string;
  readonly format?: AxisFormat;
  readonly min?: number;
  readonly max?: number;
  /** Distance between ticks; the ends are multiples of it. */
  readonly interval?: number;
  readonly labels?: readonly string[];
  /** False where the day is the finest unit, so that no clock time is shown. */
  readonly clock?: boolean;
  /** Zone whose wall clock the times are; UTC without it. */
  readonly zone?: string;
}

export type Values = readonly (number | null)[];
export type Dash = 'solid' | 'dashed' | 'dotted';
export type Symbol = 'circle' | 'ring' | 'diamond' | 'square' | 'triangle' | 'down';

interface Common {
  /** Name in the tooltip; a layer without one is not listed there. */
  readonly label?: string;
  /** Layers with the same key are shown and hidden together. */
  readonly key?: string;
  /** Token of the palette. */
  readonly color: string;
}

/** Central intervals as rings around a median: edges from the widest interval to the narrowest. */
export interface FanLayer extends Common {
  readonly type: 'fan';
  readonly x: number;
  readonly levels: readonly number[];
  readonly low: readonly Values[];
  readonly high: readonly Values[];
  readonly median?: Values;
}

export interface LineLayer extends Common {
  readonly type: 'line';
  readonly x: number;
  readonly y: Values;
  readonly width?: number;
  readonly dash?: Dash;
  readonly symbol?: Symbol;
  readonly step?: boolean;
  /** 0..1; 1 without it. */
  readonly opacity?: number;
}

export interface PointsLayer extends Common {
  readonly type: 'points';
  readonly x: number;
  readonly y: Values;
  readonly symbol: Symbol;
  readonly size: number;
}

/** Vertical strokes from a base to a value. */
export interface NeedlesLayer extends Common {
  readonly type: 'needles';
  readonly x: number;
  readonly y: Values;
  readonly width?: number;
}

/** Bars over [from, to) on a numeric x axis, always from zero. */
export interface BarsLayer extends Common {
  readonly type: 'bars';
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly y: Values;
}

/** A filled region between two curves, such as a consistency band. */
export interface BandLayer extends Common {
  readonly type: 'band';
  readonly x: number;
  readonly low: Values;
  readonly high: Values;
  readonly opacity: number;
}

/** A dot with an interval along x, one a category of the y axis. */
export interface WhiskersLayer extends Common {
  readonly type: 'whiskers';
  readonly row: number;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A straight line across the plot at one place of an axis. */
export interface RuleLayer extends Common {
  readonly type: 'rule';
  readonly axis: 'x' | 'y';
  readonly at: number;
  readonly text?: string;
  readonly dash?: Dash;
  readonly width?: number;
}

/** The diagonal y = x. */
export interface DiagonalLayer extends Common {
  readonly type: 'diagonal';
}

/** A bar below the plot from one x to another, such as the span of training. */
export interface SpanLayer extends Common {
  readonly type: 'span';
  readonly from: number;
  readonly to: number;
  readonly text?: string;
  readonly hatched?: boolean;
}

/** Ticks in a lane at the foot of the plot: missing values, repairs. */
export interface LaneLayer extends Common {
  readonly type: 'lane';
  readonly x: number;
}

export type Layer =
  | FanLayer | LineLayer | PointsLayer | NeedlesLayer | BarsLayer | BandLayer
  | WhiskersLayer | RuleLayer | DiagonalLayer | SpanLayer | LaneLayer;
