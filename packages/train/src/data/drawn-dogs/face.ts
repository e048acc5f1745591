/** @module The face of a drawn dog: snout, mouth, nose, eyes. In the coordinates of head.ts. */

import type { Colour } from './coats.ts';
import { isPatched } from './head.ts';
import { ellipse, hsl, lighter, n } from './shapes.ts';
import type { DogTraits } from './traits.ts';

export function snout({ snout: { width, length, noseWidth, nose }, pose, mouth, coat }: DogTraits): string {
  const x = pose.turn * 9;
  const y = 13;
  const noseX = x + pose.turn * 2.5;
  const noseY = y - length * 0.42;
  const lipY = noseY + noseWidth * 0.75 + 3;
  const corner = width * 0.66;
  const drop = 2.5 + 3 * mouth.smile;
  const gape = 10 * mouth.open;
  const dark = coat.muzzle[2] < 32;
  const line = `fill="none" stroke="${dark ? '#000' : '#2b1b17'}" stroke-opacity="0.8" stroke-width="1.5" stroke-linecap="round"`;
  const lips = `Q${n(noseX - corner * 0.4)} ${n(lipY + drop)} ${n(noseX)} ${n(lipY)} Q${n(noseX + corner * 0.4)} ${n(lipY + drop)} ${n(noseX + corner)} ${n(lipY + drop * 0.4)}`;
  const left = `M${n(noseX - corner)} ${n(lipY + drop * 0.4)}`;
  return [
    // The lower jaw, then two lips and the bridge of the nose.
    ellipse(noseX, lipY + 3 + gape, width * 0.55, 6, hsl(lighter(coat.muzzle, -9))),
    ellipse(x, y - length * 0.45, width * 0.6, length * 0.8, 'url(#muzzle)'),
    ellipse(x - width * 0.42, y + 1, width * 0.62, length * 0.68, 'url(#muzzle)'),
    ellipse(x + width * 0.42, y + 1, width * 0.62, length * 0.68, 'url(#muzzle)'),
    gape > 0 ? openMouth(noseX, lipY, corner * 0.8, gape, mouth.tongue) : '',
    `<path d="M${n(noseX)} ${n(noseY + noseWidth * 0.6)} V${n(lipY)}" ${line}/><path d="${left} ${lips}" ${line}/>`,
    noseShape(noseX, noseY, noseWidth, nose),
  ].join('');
}

function openMouth(x: number, y: number, half: number, gape: number, tongue: boolean): string {
  const cavity = `M${n(x - half)} ${n(y + 2)} C${n(x - half)} ${n(y + 5 + gape)} ${n(x - half * 0.5)} ${n(y + 5 + gape)} ${n(x)} ${n(y + 5 + gape)} S${n(x + half)} ${n(y + 5 + gape)} ${n(x + half)} ${n(y + 2)} Q${n(x + half * 0.5)} ${n(y + 4)} ${n(x)} ${n(y)} Q${n(x - half * 0.5)} ${n(y + 4)} ${n(x - half)} ${n(y + 2)}Z`;
  const width = half * 0.56;
  const end = y + 6 + gape * 1.45;
  const out = `M${n(x - width)} ${n(y + 5)} Q${n(x)} ${n(y + 2)} ${n(x + width)} ${n(y + 5)} V${n(end - width)} A${n(width)} ${n(width)} 0 0 1 ${n(x - width)} ${n(end - width)}Z`;
  return (
    `<path d="${cavity}" fill="#4a171b"/>` +
    (tongue
      ? `<path d="${out}" fill="${hsl([352, 72, 68])}"/><path d="M${n(x)} ${n(y + 5)} V${n(end - 3)}" stroke="${hsl([350, 50, 54])}" stroke-width="1"/>`
      : '')
  );
}

function noseShape(x: number, y: number, width: number, colour: Colour): string {
  const h = width * 0.72;
  return (
    `<path d="M${n(x - width)} ${n(y - h * 0.35)} Q${n(x - width * 0.8)} ${n(y - h)} ${n(x)} ${n(y - h)} Q${n(x + width * 0.8)} ${n(y - h)} ${n(x + width)} ${n(y - h * 0.35)} Q${n(x + width * 0.75)} ${n(y + h * 0.75)} ${n(x)} ${n(y + h)} Q${n(x - width * 0.75)} ${n(y + h * 0.75)} ${n(x - width)} ${n(y - h * 0.35)}Z" fill="${hsl(colour)}"/>` +
    `<ellipse cx="${n(x - width * 0.2)}" cy="${n(y - h * 0.5)}" rx="${n(width * 0.42)}" ry="${n(h * 0.25)}" fill="#fff" fill-opacity="0.4"/>`
  );
}

export function eyePair(traits: DogTraits): string {
  return eye(traits, -1) + eye(traits, 1);
}

function eye(traits: DogTraits, side: number): string {
  const { eyes, pose, coat, light, mouth } = traits;
  const x = side * eyes.spacing + pose.turn * 6;
  const narrow = 1 - 0.22 * Math.max(0, pose.turn * side);
  const r = eyes.radius;
  const iris = eyes.iris[side < 0 ? 0 : 1]!;
  const around = isPatched(traits, side) ? coat.marking : coat.fur;
  const brow = `<path d="M${n(-r)} ${n(-r - 2.2)} Q${n(side * 1.5)} ${n(-r - 4 - mouth.smile)} ${n(r)} ${n(-r - 2.2)}" fill="none" stroke="#000" stroke-opacity="0.14" stroke-width="1.6" stroke-linecap="round"/>`;
  return (
    `<g transform="translate(${n(x)} ${n(eyes.y)}) scale(${n(narrow)} 1)">${brow}` +
    ellipse(0, 0, r + 1.1, r + 0.7, around[2] < 22 ? hsl([25, 20, 30]) : '#1c1310') +
    ellipse(0, 0, r, r * 0.95, hsl(iris)) +
    ellipse(pose.turn * 0.8, 0.2, r * 0.58, r * 0.6, '#0b0808') +
    ellipse(r * (0.2 + 0.25 * light), -r * 0.36, r * 0.3, r * 0.3, '#fff') +
    `${eyes.lids > 0 ? lid(r, eyes.lids, hsl(lighter(around, -7))) : ''}</g>`
  );
}

/** An eyelid over the upper `part` (0 to 1) of an eye of radius `r`. */
function lid(r: number, part: number, fill: string): string {
  const [rx, ry] = [r + 1.1, r + 0.7];
  const y = -ry + 2 * ry * part;
  const x = rx * Math.sqrt(1 - (y / ry) ** 2);
  return `<path d="M${n(-x)} ${n(y)} A${n(rx)} ${n(ry)} 0 0 1 ${n(x)} ${n(y)} Q0 ${n(y - 1.5)} ${n(-x)} ${n(y)}Z" fill="${fill}"/>`;
}
