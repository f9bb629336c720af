import { Chart } from '../charts/draw';
import { connectKey } from '../charts/key';
import type { ChartSpec } from '../charts/spec';

const charts: { readonly box: HTMLElement; readonly chart: Chart }[] = [];

/** Finds the chart data that the report carries and draws each one into the box of the same name, a few at a time. */
function drawAll(): void {
  const speak = liveRegion();
  const waiting = [...document.querySelectorAll<HTMLScriptElement>('script[type="application/json"][data-chart]')];
  const next = (): void => {
    const started = performance.now();
    while (waiting.length > 0 && performance.now() - started < 50) draw(waiting.shift(), speak);
    if (waiting.length > 0) setTimeout(next, 0);
    else document.documentElement.dataset['charts'] = 'drawn';
  };
  next();
}

function draw(source: HTMLScriptElement | undefined, speak: (text: string) => void): void {
  const name = source?.dataset['chart'];
  const box = name === undefined ? null : document.getElementById(`plot-${name}`);
  if (source === undefined || box === null) return;
  try {
    const spec = JSON.parse(source.textContent ?? '') as ChartSpec;
    box.replaceChildren();
    const chart = new Chart(box, spec, speak);
    charts.push({ box, chart });
    connectKey(box, chart);
  } catch (error) {
    // The other charts and every table stay readable; the page says which drawing failed and why.
    box.textContent = `This chart could not be drawn: ${error instanceof Error ? error.message : String(error)}`;
    console.error(name, error);
  }
}

function liveRegion(): (text: string) => void {
  const region = document.createElement('div');
  region.className = 'spoken';
  region.setAttribute('aria-live', 'polite');
  document.body.append(region);
  return (text) => { region.textContent = text; };
}

/** Width in pixels that a chart is drawn at for paper: its share of a page of 180 mm, a little larger so that text comes out smaller. */
function printWidth(box: HTMLElement): number {
  const page = 850;
  const columns = /\bcols-(\d)\b/.exec(box.closest('[class^="cols-"]')?.className ?? '')?.[1];
  if (columns === undefined || columns === '1' || box.closest('figure')?.classList.contains('whole') === true) return page;
  return columns === '4' ? page / 4 - 12 : page / 2 - 8;
}

/** On paper everything folded away is open and charts are drawn for the page; after, all is as before. */
function prepareForPrint(): void {
  const folded: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    for (const { box, chart } of charts) chart.layOutForPrint(printWidth(box));
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])[data-print]')) {
      details.open = true;
      folded.push(details);
    }
  });
  window.addEventListener('afterprint', () => {
    for (const { chart } of charts) chart.layOutForScreen();
    for (const details of folded.splice(0)) details.open = false;
  });
}

prepareForPrint();
drawAll();
