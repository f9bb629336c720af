import { init, use, type EChartsType } from 'echarts/core';
import { CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, DataZoomInsideComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
import type { ChartSpec } from './spec';
import { timeTicks } from './axes';
import { chartOption } from './option';
import { places, readAt } from './reading';

use([LineChart, ScatterChart, CustomChart, GridComponent, TooltipComponent, AriaComponent, DataZoomInsideComponent, SVGRenderer]);

/** A part of the x axis in view, in percent of the whole. */
export interface View { readonly start: number; readonly end: number }

export interface ChartOptions {
  /** Canvas for what moves and has many points, once somebody has registered its renderer; SVG for the rest, which prints sharp. */
  readonly renderer?: 'svg' | 'canvas';
  /** Told when a person zooms or pans. */
  readonly onView?: (view: View) => void;
}

/** A drawn chart that can hide layers and be read with the keyboard. */
export class Chart {
  private readonly instance: EChartsType;
  private readonly listening = new AbortController();
  private readonly hidden = new Set<string>();
  private readonly watch: ResizeObserver;
  private stops: readonly number[];
  private at = -1;
  private setting = false;

  constructor(private readonly box: HTMLElement, private spec: ChartSpec, private readonly speak: (text: string) => void, { renderer = 'svg', onView }: ChartOptions = {}) {
    this.instance = init(box, null, { renderer });
    this.stops = places(spec);
    this.render();
    box.tabIndex = 0;
    const { signal } = this.listening;
    box.addEventListener('keydown', (event) => this.onKey(event), { signal });
    box.addEventListener('blur', () => this.leave(), { signal });
    box.addEventListener('dblclick', () => this.zoom(0, 100), { signal });
    if (onView !== undefined) this.instance.on('datazoom', () => { if (!this.setting) onView(this.range()); });
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(box);
  }

  /** Draws another content into the same box; what was hidden stays hidden. */
  show(spec: ChartSpec): void {
    this.spec = spec;
    this.stops = places(spec);
    this.at = -1;
    this.render();
  }

  /** Puts a part of the x axis into view, without telling that it was done. */
  look({ start, end }: View): void {
    const now = this.range();
    if (Math.abs(now.start - start) < 1e-6 && Math.abs(now.end - end) < 1e-6) return;
    this.setting = true;
    this.zoom(start, end);
    this.setting = false;
  }

  /** Takes the drawing out of its box for good. */
  dispose(): void {
    this.listening.abort();
    this.watch.disconnect();
    this.instance.dispose();
  }

  toggle(key: string): boolean {
    if (!this.hidden.delete(key)) this.hidden.add(key);
    this.render();
    return !this.hidden.has(key);
  }

  /** Draws for paper at once, at a width in pixels; the drawing is scaled by its viewBox from there. */
  layOutForPrint(width: number): void {
    this.instance.resize({ width, height: this.box.clientHeight });
    this.refit();
    this.instance.getZr().flush();
  }

  layOutForScreen(): void {
    this.instance.resize({ width: 'auto', height: 'auto' });
    this.refit();
  }

  private render(): void {
    const zoomed = this.range();
    this.setting = true;
    this.instance.setOption(chartOption(this.spec, this.hidden, this.instance.getWidth()), { notMerge: true });
    this.zoom(zoomed.start, zoomed.end);
    this.setting = false;
    this.fitToPage();
  }

  private resize(): void {
    // On paper the drawing is scaled by its viewBox; a redraw would come too late for the page.
    if (window.matchMedia('print').matches || this.box.clientWidth === 0) return;
    this.instance.resize();
    this.refit();
  }

  private refit(): void {
    if (this.spec.x.kind === 'time') this.instance.setOption({ xAxis: { splitNumber: timeTicks(this.instance.getWidth()) } });
    this.fitToPage();
  }

  private fitToPage(): void {
    const svg = this.box.querySelector('svg');
    svg?.setAttribute('viewBox', `0 0 ${this.instance.getWidth()} ${this.instance.getHeight()}`);
    svg?.setAttribute('aria-hidden', 'true');
  }

  private onKey(event: KeyboardEvent): void {
    const last = this.stops.length - 1;
    const stride = event.shiftKey ? 10 : 1;
    switch (event.key) {
      case 'ArrowRight': this.go(Math.min(last, this.at + stride)); break;
      case 'ArrowLeft': this.go(Math.max(0, (this.at < 0 ? last + 1 : this.at) - stride)); break;
      case 'Home': this.go(0); break;
      case 'End': this.go(last); break;
      case '+': this.zoomBy(0.5); break;
      case '-': this.zoomBy(2); break;
      case '0': this.zoom(0, 100); break;
      case 'Escape': this.leave(); break;
      default: return;
    }
    event.preventDefault();
  }

  private go(index: number): void {
    const place = this.stops[index];
    if (place === undefined) return;
    this.at = index;
    const { place: title, lines } = readAt(this.spec, place, this.hidden);
    this.speak(`${title}. ${lines.map((line) => `${line.label}: ${line.text}`).join('; ')}`);
    const x = this.instance.convertToPixel({ xAxisIndex: 0 }, place);
    if (this.spec.y.kind !== 'category') this.instance.dispatchAction({ type: 'showTip', x, y: this.instance.getHeight() / 2 });
  }

  private leave(): void {
    this.at = -1;
    this.instance.dispatchAction({ type: 'hideTip' });
  }

  private zoomBy(factor: number): void {
    const { start, end } = this.range();
    const half = Math.min(50, Math.max(1, ((end - start) * factor) / 2));
    const middle = Math.min(100 - half, Math.max(half, (start + end) / 2));
    this.zoom(middle - half, middle + half);
  }

  /** What part of the x axis is in view, in percent. */
  private range(): View {
    const option = this.instance.getOption() as { dataZoom?: { start?: number; end?: number }[] } | undefined;
    const { start = 0, end = 100 } = option?.dataZoom?.[0] ?? {};
    return { start, end };
  }

  private zoom(start: number, end: number): void {
    if (this.spec.zoom === true) this.instance.dispatchAction({ type: 'dataZoom', start, end });
  }
}
