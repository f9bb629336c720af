import type { Palette } from './palette';

/** The dark theme; the same hues, lit again for a dark surface. */
export const dark: Palette = {
  surface: '#11161D',
  panel: '#1A212A',
  ink: '#E6EBF1',
  muted: '#A3AEBC',
  edge: '#717C8B',
  grid: '#29323D',
  focus: '#8DBBF2',
  bad: '#FF8A80',
  warn: '#F2C14E',
  good: '#5CCB9A',
  'model-1': '#287FCE',
  'model-2': '#F0B13D',
  'model-3': '#1EDBA6',
  'model-4': '#DD581D',
  'model-5': '#AC5E80',
  'model-6': '#4AA7EC',
};
