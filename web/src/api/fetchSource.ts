import { identity } from './key';
import type { Source } from './jobEvents';

const connecting = 0;
const open = 1;
const closed = 2;

/** Splits a stream of server-sent events; what is not finished waits for the next piece. */
export class EventSplitter {
  private rest = '';

  push(piece: string): { readonly id: string; readonly kind: string; readonly data: string }[] {
    const blocks = (this.rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line)).filter((m) => m !== null);
      const all = (name: string): string[] => fields.filter((m) => m[1] === name).map((m) => m[2] ?? '');
      const data = all('data');
      return data.length === 0 ? [] : [{ id: all('id').at(-1) ?? '', kind: all('event').at(-1) ?? 'message', data: data.join('\n') }];
    });
  }
}

/** An EventSource that can show a key: the browser's own cannot send headers. It does not connect again by itself; `watchJob` does. */
export class FetchSource implements Source {
  readyState = connecting;
  onerror: ((event: Event) => void) | null = null;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();
  private readonly control = new AbortController();

  constructor(path: string) {
    this.listen(path).catch(() => this.end());
  }

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.readyState = closed;
    this.control.abort();
  }

  private async listen(path: string): Promise<void> {
    const answer = await fetch(path, { headers: { Accept: 'text/event-stream', ...identity() }, signal: this.control.signal });
    if (!answer.ok || answer.body === null) {
      this.end();
      return;
    }
    this.readyState = open;
    const splitter = new EventSplitter();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const { id, kind, data } of splitter.push(read.value)) this.listeners.get(kind)?.(new MessageEvent(kind, { data, lastEventId: id }));
    }
    this.end();
  }

  private end(): void {
    if (this.readyState === closed) return;
    this.readyState = closed;
    this.onerror?.(new Event('error'));
  }
}
