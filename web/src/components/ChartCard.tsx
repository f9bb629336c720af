import type { ReactElement, ReactNode } from 'react';
import type { ChartSpec } from '../charts/spec';
import { Plot } from './Plot';

interface Props {
  readonly title: ReactNode;
  readonly subtitle: string;
  readonly spec: ChartSpec;
  readonly height: number;
  readonly children?: ReactNode;
}

/** A chart with its title, what is measured, and room for its table. */
export function ChartCard({ title, subtitle, spec, height, children }: Props): ReactElement {
  return (
    <figure className="chart">
      <figcaption><h3>{title}</h3><p>{subtitle}</p></figcaption>
      <Plot spec={spec} height={height} />
      {children}
    </figure>
  );
}
