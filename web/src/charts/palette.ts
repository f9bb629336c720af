/** Colour tokens; every hue keeps 3:1 against both surfaces of its theme, text 4.5:1. */
export type Palette = Readonly<Record<string, string>>;

export const light: Palette = {
  surface: '#FFFFFF',
  panel: '#F6F7F9',
  ink: '#1B2430',
  muted: '#55606F',
  edge: '#7F8A99',
  grid: '#E4E8ED',
  focus: '#0B57A4',
  bad: '#A4160F',
  warn: '#7A5200',
  good: '#0B6B46',
  'model-1': '#06549E',
  'model-2': '#BE820B',
  'model-3': '#128773',
  'model-4': '#B03911',
  'model-5': '#80325C',
  'model-6': '#0897D8',
};

let current = light;

/** Takes another theme for everything drawn from now on. The report never does: it is light, as paper is. */
export function setPalette(palette: Palette): void {
  current = palette;
}

export function color(token: string): string {
  const value = current[token];
  if (value === undefined) throw new Error(`no colour is called ${token}`);
  return value;
}

export const fontFamily =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif';
