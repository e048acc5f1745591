/** @module The head of a drawn dog: skull, markings, ears. The origin is the middle of the head, x goes right, y down; the picture's side is 100. */

import { ellipse, hsl, lighter, n, smooth } from './shapes.ts';
import type { DogTraits } from './traits.ts';

/** The head without ears and snout. Markings are clipped to its outline. */
export function skull(traits: DogTraits): string {
  const { coat, pose, blaze, spots, eyes, head } = traits;
  const outline = headOutline(traits);
  const shift = pose.turn * 6;
  const marks: string[] = [];
  if (coat.whiteCheeks) {
    for (const side of [-1, 1]) {
      marks.push(ellipse(side * 19 + shift, 15, 15, 17, hsl(lighter(coat.muzzle, -3))));
      marks.push(ellipse(side * eyes.spacing * 0.85 + shift, eyes.y - 8, 4.5, 3, hsl(coat.muzzle)));
    }
  }
  for (const side of [-1, 1] as const) {
    if (isPatched(traits, side)) {
      marks.push(ellipse(side * (eyes.spacing + 4) + shift, eyes.y - 3, 14, 17, hsl(coat.marking)));
    }
  }
  for (const { x, y, radius } of spots) marks.push(ellipse(x, y, radius, radius * 0.85, hsl(coat.marking)));
  if (coat.mask) marks.push(ellipse(shift, 14, 20, 19, hsl(lighter(coat.muzzle, 9))), eyeShadows(traits));
  if (blaze > 0) {
    const half = 4 * blaze;
    marks.push(
      `<path d="M${n(shift - half)} -36 Q${n(shift - half * 0.8)} -8 ${n(shift - half - 6)} 14 H${n(shift + half + 6)} Q${n(shift + half * 0.8)} -8 ${n(shift + half)} -36Z" fill="${hsl(coat.muzzle)}"/>`,
    );
  }
  if (coat.brows) {
    for (const side of [-1, 1])
      marks.push(ellipse(side * eyes.spacing * 0.8 + shift, eyes.y - 8, 3.6, 2.6, hsl(coat.muzzle)));
    for (const side of [-1, 1]) marks.push(ellipse(side * 17 + shift, 20, 10, 10, hsl(lighter(coat.muzzle, -4))));
  }
  const furrow = `<path d="M${n(shift)} ${n(-head.height * 0.7)} Q${n(shift * 0.8)} -12 ${n(shift)} -3" stroke="#000" stroke-opacity="0.1" stroke-width="2" fill="none"/>`;
  return (
    `<clipPath id="skull"><path d="${outline}"/></clipPath><path d="${outline}" fill="url(#fur)"/>` +
    `<g clip-path="url(#skull)">${marks.join('')}${furrow}</g>`
  );
}

export function isPatched({ patch }: DogTraits, side: number): boolean {
  return patch === 'both' || patch === (side < 0 ? 'left' : 'right');
}

function eyeShadows({ eyes, pose, coat }: DogTraits): string {
  return [-1, 1]
    .map((side) =>
      ellipse(
        side * eyes.spacing + pose.turn * 6,
        eyes.y,
        eyes.radius + 3,
        eyes.radius + 2.6,
        hsl(lighter(coat.muzzle, 6)),
      ),
    )
    .join('');
}

/** An egg shape with cheeks: `taper` makes it wider at the top, `shag` roughens the edge. */
function headOutline({ head, jitter }: DogTraits): string {
  const points = jitter.map((wobble, i): [number, number] => {
    const angle = (2 * Math.PI * i) / jitter.length;
    const down = Math.sin(angle);
    const cheek = Math.exp(-(((down - 0.45) / 0.3) ** 2)) * head.cheeks * 0.22;
    const rough = 1 + head.shag * 0.07 * wobble * (i % 2 === 0 ? 1 : -0.5) * (down > -0.5 ? 1 : 0.4);
    const x = head.width * Math.cos(angle) * (1 - head.taper * down + cheek) * rough;
    return [x, head.height * down * rough];
  });
  return smooth(points);
}

export function earPair(traits: DogTraits): string {
  return ear(traits, -1) + ear(traits, 1);
}

/** The ear on side -1 or 1. */
function ear(traits: DogTraits, side: number): string {
  const { ears, head, pose, coat } = traits;
  const { length, width, spread } = ears;
  const W = head.width;
  // The ear on the side that the dog turns to looks shorter.
  const near = 1 - 0.18 * pose.turn * side;
  const at = (x: number, y: number) => `${n(side * x * near)} ${n(y)}`;
  const plain = traits.patch !== 'none' && !isPatched(traits, side);
  const fill = plain ? 'url(#fur)' : 'url(#ear)';
  const edge = 'stroke="#000" stroke-opacity="0.16" stroke-width="1.2" stroke-linejoin="round"';
  const top = -head.height;
  if (ears.shape === 'pricked') {
    const tip = at(W * 0.78 + spread * 4, top - length * 0.62);
    const inner = at(W * 0.76 + spread * 3.6, top - length * 0.42);
    return (
      `<path d="M${at(W * 0.22, top * 0.82)} Q${at(W * 0.4, top - length * 0.4)} ${tip} Q${at(W * 1.04, top - length * 0.1)} ${at(W * 0.98, top * 0.3)}Z" fill="${fill}" ${edge}/>` +
      `<path d="M${at(W * 0.45, top * 0.85)} Q${at(W * 0.55, top - length * 0.25)} ${inner} Q${at(W * 0.92, top)} ${at(W * 0.86, top * 0.5)}Z" fill="${hsl([12, 32, Math.min(68, 34 + coat.ear[2] * 0.4)])}"/>`
    );
  }
  if (ears.shape === 'folded') {
    return `<path d="M${at(W * 0.28, top * 0.88)} Q${at(W * 0.55, top - length * 0.3)} ${at(W * 0.98, top * 0.72)} Q${at(W * 1.16 + spread, top * 0.35)} ${at(W * 1.02 + spread * 2, top * 0.62 + length * 0.72)} Q${at(W * 0.66, top * 0.42)} ${at(W * 0.28, top * 0.88)}Z" fill="${fill}" ${edge}/>`;
  }
  const end = top * 0.75 + length;
  const out = W + width * 0.42 + spread * 2;
  return `<path d="M${at(W * 0.5, top * 0.86)} C${at(W * 0.95, top * 1.02)} ${at(out, top * 0.7)} ${at(out + 1.5, top * 0.1)} C${at(out + 3, end - length * 0.2)} ${at(out, end + 2)} ${at(W * 0.93, end)} C${at(W * 0.74, end - 2)} ${at(W * 0.86, top * 0.1)} ${at(W * 0.72, top * 0.4)} Q${at(W * 0.55, top * 0.6)} ${at(W * 0.5, top * 0.86)}Z" fill="${fill}" ${edge}/>`;
}
