import type { Chart } from './draw';

/** Makes the entries of the key next to a chart show and hide their layers. One key may serve several charts. */
export function connectKey(plot: HTMLElement, chart: Chart): void {
  for (const entry of plot.closest('[data-key-scope]')?.querySelectorAll<HTMLElement>('[data-key]') ?? []) {
    const button = buttonOf(entry);
    const flip = (): void => button.setAttribute('aria-pressed', String(chart.toggle(entry.dataset['key'] ?? '')));
    button.addEventListener('click', flip);
    button.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      flip();
    });
  }
}

/** The button inside an entry: the entry itself stays an item of its list. */
function buttonOf(entry: HTMLElement): HTMLElement {
  const known = entry.querySelector<HTMLElement>('[role=button]');
  if (known !== null) return known;
  const button = document.createElement('span');
  button.append(...entry.childNodes);
  button.setAttribute('role', 'button');
  button.setAttribute('aria-pressed', 'true');
  button.tabIndex = 0;
  entry.append(button);
  return button;
}
