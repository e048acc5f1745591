/** @module Colours and dashes of the runs' lines, distinguishable with any colour vision. */

/** Okabe & Ito's palette for any colour vision, without yellow, which is too light on white; the last is grey. */
export const lightColours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#595959'] as const;

/** The same colours, lighter, for dark pages. */
export const darkColours = ['#4a9de0', '#f0793a', '#1fc493', '#e29cc3', '#f0b429', '#a5d8f7', '#b5b5b5'] as const;

/** Lengths of dashes and gaps in pixels: after all colours are used, they repeat dashed. */
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;

interface LineStyle {
  /** Index in `lightColours` and `darkColours`. */
  colour: number;
  dash: readonly number[];
}

export function lineStyle(index: number): LineStyle {
  return {
    colour: index % lightColours.length,
    dash: DASHES[Math.floor(index / lightColours.length) % DASHES.length]!,
  };
}
