/** @module Draws a dog's face from its traits. The head's own coordinates: origin in its middle, x right, y down, picture side 100. */

import type { Colour } from './drawn-dog-coats.ts';
import type { DogTraits } from './drawn-dog-traits.ts';

/** An SVG of `size` x `size` pixels. */
export function drawDog(traits: DogTraits, size: number): string {
  const { pose, ears } = traits;
  // Ears that stand need room above.
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

/** The head without ears and snout, its markings cut to its outline. */
function skull(traits: DogTraits): string {
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

function isPatched({ patch }: DogTraits, side: number): boolean {
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

/** An egg, wider above or below by `taper`, with cheeks, its edge roughened by `shag`. */
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

function earPair(traits: DogTraits): string {
  return ear(traits, -1) + ear(traits, 1);
}

/** The ear on side -1 or 1. */
function ear(traits: DogTraits, side: number): string {
  const { ears, head, pose, coat } = traits;
  const { length, width, spread } = ears;
  const W = head.width;
  // The ear on the side the dog turns to is seen shorter.
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

function snout({ snout: { width, length, noseWidth, nose }, pose, mouth, coat }: DogTraits): string {
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

function eyePair(traits: DogTraits): string {
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

/** Covers the upper `part` of an eye of radius `r`. */
function lid(r: number, part: number, fill: string): string {
  const [rx, ry] = [r + 1.1, r + 0.7];
  const y = -ry + 2 * ry * part;
  const x = rx * Math.sqrt(1 - (y / ry) ** 2);
  return `<path d="M${n(-x)} ${n(y)} A${n(rx)} ${n(ry)} 0 0 1 ${n(x)} ${n(y)} Q0 ${n(y - 1.5)} ${n(-x)} ${n(y)}Z" fill="${fill}"/>`;
}

function ellipse(cx: number, cy: number, rx: number, ry: number, fill: string): string {
  return `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(rx)}" ry="${n(ry)}" fill="${fill}"/>`;
}

/** A closed curve by the middles of `points`' edges, bent towards the points. */
function smooth(points: [number, number][]): string {
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

function lighter([h, s, l]: Colour, by: number): Colour {
  return [h, s, Math.min(98, Math.max(4, l + by))];
}

function hsl([h, s, l]: Colour): string {
  return `hsl(${n((h + 360) % 360)},${n(s)}%,${n(l)}%)`;
}

/** Two decimals are a hundredth of a pixel. */
function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}
