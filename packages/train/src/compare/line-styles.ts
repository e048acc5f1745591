/** @module How the line of each run is told from the others, also by who sees few colours. */

/** Okabe & Ito's colours for any kind of colour vision, without their yellow, which is lost on white; the last is grey. */
export const lightColours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#595959'] as const;

/** The same lighter where a dark page would swallow them. */
export const darkColours = ['#4a9de0', '#f0793a', '#1fc493', '#e29cc3', '#f0b429', '#a5d8f7', '#b5b5b5'] as const;

/** Lengths of dashes and gaps in pixels: when the colours are used up, they come again dashed. */
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;

export interface LineStyle {
  /** Index of its colour. */
  colour: number;
  dash: readonly number[];
}

export function lineStyle(index: number): LineStyle {
  return {
    colour: index % lightColours.length,
    dash: DASHES[Math.floor(index / lightColours.length) % DASHES.length]!,
  };
}
