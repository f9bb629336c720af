import { useCallback, useEffect, useState } from 'react';

export interface Resource<T> {
  /** The newest answer; while another is on its way the old one stays. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  readonly reload: () => void;
}

interface State<T> { readonly key: string | null; readonly data: T | undefined; readonly error: unknown; readonly busy: boolean }

/**
 * Loads what a key stands for, again when the key changes or on demand. An answer that comes too late is dropped. With a null key
 * nothing is loaded. Data of another key are not shown, unless `sticky`.
 */
export function useResource<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, sticky = false): Resource<T> {
  const [state, setState] = useState<State<T>>({ key: null, data: undefined, error: undefined, busy: false });
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    if (key === null) return undefined;
    const control = new AbortController();
    setState((old) => ({ key, data: old.key === key || sticky ? old.data : undefined, error: undefined, busy: true }));
    load(control.signal).then(
      (data) => { if (!control.signal.aborted) setState({ key, data, error: undefined, busy: false }); },
      (error: unknown) => { if (!control.signal.aborted) setState((old) => ({ ...old, key, error, busy: false })); },
    );
    return () => control.abort();
    // `load` is made anew on every render; the key says what it loads.
  }, [key, turn]);

  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const own = key !== null && (state.key === key || sticky);
  return { data: own ? state.data : undefined, error: own ? state.error : undefined, busy: key !== null && (state.key !== key || state.busy), reload };
}
