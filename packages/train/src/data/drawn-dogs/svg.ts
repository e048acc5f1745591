/** @module Draws a dog from its traits: scene, body, head, face. The picture's side is 100. */

import type { Colour } from './coats.ts';
import { eyePair, snout } from './face.ts';
import { earPair, skull } from './head.ts';
import { hsl, lighter, n } from './shapes.ts';
import type { DogTraits } from './traits.ts';

/** An SVG of `size` x `size` pixels. */
export function drawDog(traits: DogTraits, size: number): string {
  const { pose, ears } = traits;
  // Pricked ears need room above the head.
  const middle = { pricked: 58, folded: 53, floppy: 51, long: 49 }[ears.shape];
  const head = `translate(${n(50 + pose.x)} ${n(middle + pose.y)}) rotate(${n(pose.tilt)}) scale(${n(pose.scale)})`;
  const earsBehind = ears.shape === 'pricked';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100">`,
    gradients(traits),
    scene(traits),
    body(traits, middle),
    `<g transform="${head}">`,
    earsBehind ? earPair(traits) : '',
    skull(traits),
    earsBehind ? '' : earPair(traits),
    snout(traits),
    eyePair(traits),
    '</g></svg>',
  ].join('');
}

function gradients({ coat, light, scene }: DogTraits): string {
  const lit = `cx="${n(0.5 + 0.25 * light)}" cy="0.3" r="0.8"`;
  const shaded = (id: string, colour: Colour) =>
    `<radialGradient id="${id}" ${lit}><stop offset="0" stop-color="${hsl(lighter(colour, 6))}"/>` +
    `<stop offset="0.55" stop-color="${hsl(colour)}"/><stop offset="1" stop-color="${hsl(lighter(colour, -13))}"/></radialGradient>`;
  const { hue, saturation, light: brightness } = scene;
  const far: Colour = [hue, saturation, Math.min(93, brightness + 10)];
  const near: Colour = [hue + 25, saturation, brightness - 14];
  return (
    `<defs>${shaded('fur', coat.fur)}${shaded('ear', coat.ear)}${shaded('muzzle', coat.muzzle)}` +
    `<linearGradient id="down" x2="0" y2="1"><stop stop-color="${hsl(far)}"/><stop offset="1" stop-color="${hsl(near)}"/></linearGradient>` +
    `<radialGradient id="glow" cy="0.4" r="0.75"><stop stop-color="${hsl(far)}"/><stop offset="1" stop-color="${hsl(near)}"/></radialGradient>` +
    `<linearGradient id="sky" x2="0" y2="1"><stop stop-color="${hsl([208, 55, 66])}"/><stop offset="1" stop-color="${hsl([205, 45, 88])}"/></linearGradient>` +
    `<linearGradient id="grass" x2="0" y2="1"><stop stop-color="${hsl([95, 32, 52])}"/><stop offset="1" stop-color="${hsl([105, 38, 30])}"/></linearGradient></defs>`
  );
}

function scene({ scene: { kind, hue, saturation, light } }: DogTraits): string {
  const all = (fill: string) => `<rect width="100" height="100" fill="${fill}"/>`;
  if (kind === 'plain') return all('url(#down)');
  if (kind === 'glow') return all('url(#glow)');
  const horizon = 40 + (hue / 360) * 35;
  if (kind === 'meadow')
    return `${all('url(#sky)')}<rect y="${n(horizon)}" width="100" height="100" fill="url(#grass)"/>`;
  const floor: Colour = [28, 35, Math.max(22, light - 34)];
  return (
    `${all(hsl([hue, saturation * 0.6, light]))}<rect y="${n(horizon + 20)}" width="100" height="60" fill="${hsl(floor)}"/>` +
    `<rect y="${n(horizon + 18)}" width="100" height="3" fill="${hsl([hue, 8, 90])}"/>`
  );
}

function body({ coat, collar, pose, head }: DogTraits, middle: number): string {
  const x = 50 + pose.x * 0.5 - pose.tilt * 0.15;
  const neck = head.width * 0.8;
  const chest = coat.blaze || coat.whiteCheeks || coat.brows;
  const band = middle + 33 * pose.scale;
  return (
    `<path d="M${n(x - neck)} ${middle} C${n(x - neck)} 82 ${n(x - 40)} 84 ${n(x - 42)} 104 H${n(x + 42)} C${n(x + 40)} 84 ${n(x + neck)} 82 ${n(x + neck)} ${middle}Z" fill="${hsl(lighter(coat.fur, -9))}"/>` +
    (chest ? `<ellipse cx="${n(x)}" cy="100" rx="15" ry="17" fill="${hsl(lighter(coat.muzzle, -6))}"/>` : '') +
    (collar
      ? `<path d="M${n(x - neck - 3)} ${n(band - 6)} Q${n(x)} ${n(band + 9)} ${n(x + neck + 3)} ${n(band - 6)}" fill="none" stroke="${hsl(collar)}" stroke-width="5.5"/>` +
        `<circle cx="${n(x)}" cy="${n(band + 5)}" r="3.2" fill="${hsl([46, 80, 60])}"/>`
      : '')
  );
}
