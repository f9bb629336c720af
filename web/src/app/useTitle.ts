import { useEffect } from 'react';

/** The title of the page, before the name of the platform. */
export function useTitle(title: string): void {
  useEffect(() => { document.title = `${title} · Forecast`; }, [title]);
}
