import { useEffect, useRef, type ReactElement } from 'react';
import { Chart } from '../charts/draw';
import type { ChartSpec } from '../charts/spec';
import { useTheme } from '../app/theme';

/** A drawing in a box of fixed height. The keys move through its points, which a polite live region reads out. */
export function Plot({ spec, height }: { spec: ChartSpec; height: number }): ReactElement {
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const spoken = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const drawn = useRef<{ spec: ChartSpec; theme: string } | null>(null);

  useEffect(() => {
    if (box.current === null) return undefined;
    chart.current = new Chart(box.current, spec, (text) => { if (spoken.current !== null) spoken.current.textContent = text; });
    drawn.current = { spec, theme };
    return () => {
      chart.current?.dispose();
      chart.current = null;
    };
    // Made once; the effect below shows what comes later.
  }, []);

  useEffect(() => {
    if (drawn.current?.spec === spec && drawn.current.theme === theme) return;
    drawn.current = { spec, theme };
    chart.current?.show(spec);
  }, [spec, theme]);

  return (
    <>
      <div ref={box} className="plot" style={{ height }} role="img" aria-label={`${spec.description} Arrow keys read the points.`} />
      <div ref={spoken} className="spoken" aria-live="polite" />
    </>
  );
}
