/**
 * @module Encodes a picture as the fragment of an address: #dogs=luna,42&at=0.35&psi=0.8&dials=1.5,0,-2&model=dogs-64~768cb01a
 *
 * The fragment never leaves the browser, so neither do the names people type.
 */
import {
  EMPTY_PICTURE,
  legsOf,
  MOST_DIAL,
  MOST_DOGS,
  MOST_TRUNCATION,
  type PictureState,
  roundThousandth,
} from './picture-state.ts';
import { isDog } from './seed-text.ts';

/** Digits of a model's SHA-256 in a link: enough to notice that the model has changed. */
const DIGEST_DIGITS = 8;
/** Between a model's name, which cannot have it, and those digits. */
const BEFORE_DIGEST = '~';

/**
 * Without a leading "#"; empty for the empty picture.
 *
 * @param sha256 of the model, so that whoever opens the link learns if it is no longer the same
 */
export function encodePicture(picture: PictureState, sha256?: string): string {
  const parts: string[] = [];
  if (picture.dogs.length > 0) parts.push(`dogs=${picture.dogs.map(encodeURIComponent).join(',')}`);
  if (picture.view === 'mix') parts.push(`mix=${roundThousandth(picture.pad.x)},${roundThousandth(picture.pad.y)}`);
  else if (picture.position > 0) parts.push(`at=${roundThousandth(picture.position)}`);
  if (picture.truncation !== 1) parts.push(`psi=${roundThousandth(picture.truncation)}`);
  const dials = picture.dials.map(roundThousandth);
  while (dials.at(-1) === 0) dials.pop();
  if (dials.length > 0) parts.push(`dials=${dials.join(',')}`);
  if (picture.model !== null) {
    const digest = sha256 === undefined ? '' : BEFORE_DIGEST + sha256.slice(0, DIGEST_DIGITS);
    parts.push(`model=${encodeURIComponent(picture.model)}${digest}`);
  }
  return parts.join('&');
}

function decodeText(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Numbers, clamped to the limits; anything else becomes `otherwise`. */
function decodeNumbers(text: string | undefined, least: number, most: number, otherwise: number): number[] {
  if (text === undefined || text === '') return [];
  return text.split(',').map((part) => {
    const value = Number(part);
    return part !== '' && Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : otherwise;
  });
}

function partsOf(fragment: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of fragment.replace(/^#/, '').split('&')) {
    const equals = part.indexOf('=');
    if (equals > 0) parts.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return parts;
}

/** The first digits of the SHA-256 of the model that a link was made with; null in links that don't say. */
export function digestInLink(fragment: string): string | null {
  const digest = partsOf(fragment).get('model')?.split(BEFORE_DIGEST)[1] ?? '';
  return /^[0-9a-f]{4,64}$/.test(digest) ? digest : null;
}

/** Reads what `encodePicture` wrote. People edit addresses, so illegal parts are ignored and the rest is used. */
export function decodePicture(fragment: string): PictureState {
  const parts = partsOf(fragment);
  const dogs = (parts.get('dogs') ?? '')
    .split(',')
    .map(decodeText)
    .filter((dog) => dog !== null && isDog(dog)) as string[];
  const distinct = [...new Set(dogs)].slice(0, MOST_DOGS);
  const [x, y] = decodeNumbers(parts.get('mix'), 0, 1, 0.5);
  const [at] = decodeNumbers(parts.get('at'), 0, legsOf(distinct.length), 0);
  const [psi] = decodeNumbers(parts.get('psi'), 0, MOST_TRUNCATION, 1);
  return {
    model: decodeText(parts.get('model')?.split(BEFORE_DIGEST)[0] ?? '') || null,
    dogs: distinct,
    view: x === undefined ? 'walk' : 'mix',
    position: at ?? 0,
    pad: x === undefined ? EMPTY_PICTURE.pad : { x, y: y ?? 0.5 },
    dials: decodeNumbers(parts.get('dials'), -MOST_DIAL, MOST_DIAL, 0),
    truncation: psi ?? 1,
  };
}
