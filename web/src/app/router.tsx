import { useMemo, useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent, type ReactElement } from 'react';

/** View state lives in the URL: paths for pages, the query for what a page shows. */
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

export function navigate(to: string, replace = false): void {
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  for (const listener of listeners) listener();
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

export interface Query {
  readonly get: (name: string) => string | null;
  /** Changes parts of the query; null takes a part out. What only refines a view replaces the entry in the history. */
  readonly set: (parts: Readonly<Record<string, string | null>>, replace?: boolean) => void;
}

export function useQuery(): Query {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => {
    const params = new URLSearchParams(search);
    return {
      get: (name) => params.get(name),
      set: (parts, replace = true) => navigate(window.location.pathname + withParts(window.location.search, parts), replace),
    };
  }, [search]);
}

/** The query with some parts changed, ready to stand after a path. */
export function withParts(search: string, parts: Readonly<Record<string, string | null>>): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(parts)) {
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A link within the pages; with a modifier key it is an ordinary one. */
export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }): ReactElement {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
    window.scrollTo(0, 0);
  };
  return <a href={href} {...rest} onClick={follow} />;
}
