import { use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useMemo, useRef, type ReactElement } from 'react';
import { useSettings } from '../app/settings';
import { useTheme } from '../app/theme';
import { zoned } from '../app/zone';
import { Chart, type View } from '../charts/draw';
import type { ChartSpec } from '../charts/spec';

// The report draws in SVG alone, and need not carry the other renderer.
use([CanvasRenderer]);

interface Props {
  readonly spec: ChartSpec;
  readonly height: number;
  readonly canvas?: boolean;
  /** The part of the x axis in view; left out, the chart keeps its own. */
  readonly view?: View;
  readonly onView?: (view: View) => void;
}

/** A drawing in a box of fixed height. The keys move through its points, which a polite live region reads out. */
export function Plot({ spec: given, height, canvas = false, view, onView }: Props): ReactElement {
  const theme = useTheme();
  const { zone } = useSettings();
  const spec = useMemo(() => zoned(given, zone), [given, zone]);
  const box = useRef<HTMLDivElement>(null);
  const spoken = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | null>(null);
  const drawn = useRef<{ spec: ChartSpec; theme: string } | null>(null);
  const heard = useRef(onView);
  heard.current = onView;

  useEffect(() => {
    if (box.current === null) return undefined;
    chart.current = new Chart(box.current, spec, (text) => { if (spoken.current !== null) spoken.current.textContent = text; },
      { renderer: canvas ? 'canvas' : 'svg', onView: (seen) => heard.current?.(seen) });
    drawn.current = { spec, theme };
    return () => {
      chart.current?.dispose();
      chart.current = null;
    };
    // Made once; the effects below show what comes later.
  }, []);

  useEffect(() => {
    if (drawn.current?.spec === spec && drawn.current.theme === theme) return;
    drawn.current = { spec, theme };
    chart.current?.show(spec);
  }, [spec, theme]);

  useEffect(() => { if (view !== undefined) chart.current?.look(view); }, [view?.start, view?.end, spec]);

  return (
    <>
      <div ref={box} className="plot" style={{ height }} role="img" aria-label={`${spec.description} Arrow keys read the points.`} />
      <div ref={spoken} className="spoken" aria-live="polite" />
    </>
  );
}
