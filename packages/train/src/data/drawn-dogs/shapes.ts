/** @module Pieces of SVG: numbers, colours, ellipses, smooth outlines. */

import type { Colour } from './coats.ts';

export function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"/>`;
}

/** A closed curve through the midpoints of the polygon's edges, with `points` as control points. */
export function smooth(points: [number, number][]): string {
  const middle = (i: number): string => {
    const [a, b] = [points[i % points.length]!, points[(i + 1) % points.length]!];
    return `${n((a[0] + b[0]) / 2)} ${n((a[1] + b[1]) / 2)}`;
  };
  const curves = points.map((_, i) => {
    const [x, y] = points[(i + 1) % points.length]!;
    return `Q${n(x)} ${n(y)} ${middle(i + 1)}`;
  });
  return `M${middle(0)}${curves.join('')}Z`;
}

export function lighter([h, s, l]: Colour, by: number): Colour {
  return [h, s, Math.min(98, Math.max(4, l + by))];
}

export function hsl([h, s, l]: Colour): string {
  return `hsl(${n((h + 360) % 360)},${n(s)}%,${n(l)}%)`;
}

/** A number rounded to 2 decimals. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
