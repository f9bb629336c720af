import { useEffect, useRef, type ReactElement } from 'react';
import { useTheme } from '../app/theme';
import type { RunPart } from '../api/pageTypes';
import { Chart } from '../charts/draw';
import { connectKey } from '../charts/key';
import type { ChartSpec } from '../charts/spec';

/**
 * A part of a run's report, as the report shows it: text and tables are the server's, which escapes every value of the data, and the
 * charts are drawn here from their specifications.
 */
export function ReportPart({ part, level = 2 }: { part: RunPart; level?: 2 | 3 }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const spoken = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  useEffect(() => {
    if (box.current === null) return undefined;
    // Anew with each theme, so that no key speaks to a chart that is gone.
    box.current.innerHTML = part.html ?? '';
    const speak = (text: string): void => { if (spoken.current !== null) spoken.current.textContent = text; };
    const made = drawn(box.current, speak);
    return () => made.forEach((chart) => chart.dispose());
  }, [part.html, theme]);
  const Heading = `h${level}` as const;
  return (
    <section className="panel pad report-part" id={part.id} aria-label={part.title}>
      <Heading>{part.title}</Heading>
      {part.html === null || part.html === undefined
        ? <p className="muted">Not shown: {part.absence ?? 'it was not asked for'}.</p>
        : <div ref={box} />}
      <div ref={spoken} className="spoken" aria-live="polite" />
    </section>
  );
}

/** Draws every chart of a part into its box, and makes the entries of its key show and hide layers. */
function drawn(root: HTMLElement, speak: (text: string) => void): Chart[] {
  return [...root.querySelectorAll<HTMLScriptElement>('script[type="application/json"][data-chart]')].flatMap((source) => {
    const plot = root.querySelector<HTMLElement>(`#${CSS.escape(`plot-${source.dataset['chart'] ?? ''}`)}`);
    if (plot === null) return [];
    plot.replaceChildren();
    const chart = new Chart(plot, JSON.parse(source.textContent ?? '') as ChartSpec, speak);
    connectKey(plot, chart);
    return [chart];
  });
}
