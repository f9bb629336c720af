import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api, url } from '../src/api/client';
import { apply, watchJob, type LiveJob, type Source } from '../src/api/jobEvents';
import { ApiError, problemOf } from '../src/api/problem';
import { metricTable, verdict } from '../src/format/metricTable';

afterEach(() => { vi.unstubAllGlobals(); vi.useRealTimers(); });

const answers = (...list: (() => Response)[]): ReturnType<typeof vi.fn> => {
  const fetch = vi.fn(async () => (list.shift() ?? (() => { throw new TypeError('no more answers'); }))());
  vi.stubGlobal('fetch', fetch);
  return fetch;
};
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) => (): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ...headers } });

describe('client', () => {
  test('addresses', () => expect([url('/v1/runs', { limit: 5, after: undefined, series: 'a b' }), url('/x')]).toEqual(['/v1/runs?limit=5&series=a+b', '/x']));
  test('follows cursors to the end', async () => {
    const fetch = answers(json({ items: [{ name: 'a' }], next: 'n1' }), json({ items: [{ name: 'b' }] }));
    expect((await api.datasets()).map((d) => d.name)).toEqual(['a', 'b']);
    expect(fetch.mock.calls[1]?.[0]).toBe('/v1/datasets?after=n1');
  });
  test('a problem keeps its text, its faults and when to come back', async () => {
    answers(json({ type: 'urn:forecast:problem:busy', title: 'busy', detail: 'too much at once', errors: [{ pointer: '/horizon', detail: 'at most 1000' }] }, 503, { 'Retry-After': '2' }));
    const error = await api.job('x').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ message: 'too much at once', status: 503, retryAfter: 2, faults: [{ pointer: '/horizon', detail: 'at most 1000' }] });
  });
  test('a server that is not there is said to be, with what to do', async () => {
    answers(() => { throw new TypeError('Failed to fetch'); });
    await expect(api.job('x')).rejects.toThrow('Check that it is running');
  });
  test('ids are quoted in paths', async () => {
    const fetch = answers(json({}));
    await api.series('my set', 'a/b');
    expect(fetch.mock.calls[0]?.[0]).toBe('/v1/datasets/my%20set/series/a%2Fb');
  });
  test('a back-test carries its key', async () => {
    const fetch = answers(json({ id: 'j' }, 202));
    await api.backtest({ data: 'd', models: ['naive'], horizon: 1 }, 'k1');
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', headers: { 'Idempotency-Key': 'k1' } });
  });
  test('an answer that is no problem document is told by its status', () => {
    expect(problemOf(502, 'Bad Gateway', 'text/html', '<p>')).toMatchObject({ title: 'The server answered 502 Bad Gateway.' });
    expect(problemOf(500, '', 'application/json', '{')).toMatchObject({ title: 'The server answered 500.' });
  });
});

const first: LiveJob = { state: 'queued', cancelling: false, share: null, message: '' };

describe('job events', () => {
  test('each kind', () => {
    expect(apply(first, 'running', { worker: 'w' })).toMatchObject({ state: 'running', share: null });
    expect(apply(first, 'progress', { share: 0.4, message: '4 of 10' })).toMatchObject({ state: 'running', share: 0.4, message: '4 of 10' });
    expect(apply({ ...first, share: 0.9, message: 'm' }, 'failed', { message: 'too few rows' })).toMatchObject({ state: 'failed', message: 'too few rows' });
    expect(apply({ ...first, share: 0.9 }, 'succeeded', { message: null })).toMatchObject({ state: 'succeeded', share: 1 });
  });

  class Fake implements Source {
    readyState = 1;
    onerror: ((event: Event) => void) | null = null;
    private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
    addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void { this.listeners.set(type, listener); }
    close(): void { this.readyState = 2; }
    tell(seq: number, kind: string, payload: object = {}): void { this.listeners.get(kind)?.({ lastEventId: String(seq), data: JSON.stringify({ seq, kind, payload }) } as MessageEvent<string>); }
    fail(): void { this.readyState = 2; this.onerror?.(new Event('error')); }
  }

  const watched = (): { sources: Fake[]; afters: (string | undefined)[]; told: LiveJob[]; stop: () => void } => {
    const sources: Fake[] = [];
    const afters: (string | undefined)[] = [];
    const told: LiveJob[] = [];
    const stop = watchJob(first, { open: (after) => { afters.push(after); const s = new Fake(); sources.push(s); return s; }, onChange: (live) => told.push(live) });
    return { sources, afters, told, stop };
  };

  beforeEach(() => { vi.useFakeTimers(); });

  test('at most four changes a second, the last one never lost', () => {
    const { sources, told, stop } = watched();
    for (let i = 1; i <= 100; i++) {
      sources[0]?.tell(i, 'progress', { share: i / 200 });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(told.length).toBeLessThanOrEqual(6);
    expect(told.at(-1)?.share).toBe(0.5);
    stop();
  });
  test('the end is told at once, and the line closed', () => {
    const { sources, told } = watched();
    sources[0]?.tell(1, 'progress', { share: 0.5 });
    sources[0]?.tell(2, 'succeeded');
    expect(told.at(-1)?.state).toBe('succeeded');
    expect(sources[0]?.readyState).toBe(2);
  });
  test('a line that the browser gave up is opened again after the last event, and doubles count once', () => {
    const { sources, afters, told, stop } = watched();
    sources[0]?.tell(7, 'progress', { share: 0.7 });
    sources[0]?.fail();
    vi.advanceTimersByTime(3000);
    expect(afters).toEqual([undefined, '7']);
    sources[1]?.tell(6, 'progress', { share: 0.6 });
    vi.advanceTimersByTime(300);
    expect(told.at(-1)?.share).toBe(0.7);
    stop();
  });
  test('nothing is opened after leaving', () => {
    const { sources, afters, stop } = watched();
    sources[0]?.fail();
    stop();
    vi.advanceTimersByTime(10_000);
    expect(afters.length).toBe(1);
  });
});

describe('metric table', () => {
  const metric = (model: string, name: string, value: number | null, note?: string) => ({ model, series: 's', name, value, count: 5, ...(note === undefined ? {} : { note }) });
  const all = [metric('a', 'MAE', 2), metric('b', 'MAE', 1.5), metric('a', 'MASE', 1), metric('b', 'MASE', 0.8), metric('a', 'CRPS', null, 'no law'), metric('a', 'coverage@0.9', 0.85), metric('b', 'coverage@0.9', 0.9)];
  const table = metricTable(all, ['a', 'b'], 's', 'EUR');
  test('the first model is the baseline, the others have differences, the lowest is marked', () => {
    expect(table.columns.map((c) => c.name)).toEqual(['MAE', 'MASE', 'CRPS', 'coverage@0.9']);
    expect(table.rows[0]?.cells[0]).toMatchObject({ text: '2.00', delta: '', best: false });
    expect(table.rows[1]?.cells[0]).toMatchObject({ text: '1.50', delta: '\u221225.0\u00a0%', best: true });
  });
  test('coverage is told against its level, in points', () => expect(table.rows[0]?.cells[3]).toMatchObject({ text: '85.0\u00a0%', delta: '\u22125.0 pp', best: false }));
  test('of many coverages the wide ones of the fan are shown', () => {
    const many = [0.5, 0.8, 0.9, 0.95, 0.98].map((c) => metric('a', `coverage@${c}`, c));
    expect(metricTable(many, ['a'], 's', '').columns.map((c) => c.name)).toEqual(['coverage@0.8', 'coverage@0.95']);
  });
  test('what is missing has a reason', () => expect([table.rows[0]?.cells[2], table.rows[1]?.cells[2]]).toMatchObject([{ text: '', note: 'no law' }, { text: '', note: 'not scored here' }]));
  test('units are not averaged', () => expect(metricTable(all, ['a', 'b'], 's', null).rows[0]?.cells[0]).toMatchObject({ text: '', note: 'an average over series of different units means nothing' }));
  test('the verdict compares with the baseline', () => {
    expect(verdict(all, ['a', 'b'], 's')).toBe('b has the lowest MASE: 0.800, \u221220.0\u00a0% against the baseline a.');
    expect(verdict(all, ['b', 'a'], 's')).toBe('No model has a lower MASE than the baseline b (0.800).');
    expect(verdict([], ['a'], 's')).toBeNull();
  });
});
