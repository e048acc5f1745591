/** @module The parameter `dials`: distances along the model's directions, as the gallery's links and the client have them. */

import { type ModelManifest, UserError } from '@latent-dogs/latent';
import * as v from 'valibot';
import { excerpt } from '../http/problem.ts';
import { documented, once, parsedBy } from './text-parameters.ts';

/** Standard deviations, in either direction; as far as the gallery's sliders go. */
export const MOST_DISTANCE = 3;

type Directions = ModelManifest['directions'];

/**
 * The output has a distance for each direction up to the last one that is not 0, or is undefined without any, so that all
 * spellings of a picture have one tag.
 */
export function dials(directions: Directions) {
  const legal = legalDials(directions);
  return v.pipe(
    once,
    parsedBy((text) => parseDials(text, directions, legal)),
    documented<number[] | undefined>({
      description: 'Distances along directions of the model, in standard deviations',
      legal,
      example: directions.length > 1 ? '1.5,-2' : '1.5',
      minLength: 1,
    }),
  );
}

/** A name without spaces and signs: "light-coat-dark-coat" for "light coat … dark coat". */
const plainName = (name: string): string =>
  name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');

function legalDials(directions: Directions): string {
  if (directions.length === 0) return 'left out, because this model has no directions';
  const names = directions.flatMap(({ name }, index) => (name === null ? [] : [`${index} ${plainName(name)}`]));
  const range = `from -${MOST_DISTANCE} to ${MOST_DISTANCE}`;
  const byName = `or by number (0 to ${directions.length - 1}) or name, such as 0:1.5`;
  return `numbers ${range}, separated by commas, in the order of the directions, such as 1.5,0,-2, ${byName}${
    names.length > 0 ? `; names: ${names.join(', ')}` : ''
  }`;
}

function parseDials(text: string, directions: Directions, legal: string): number[] | undefined {
  const distances = directions.map(() => 0);
  const given = new Set<number>();
  for (const [position, entry] of text.split(',').entries()) {
    const [, direction, distance] = /^(?:(.*):)?(-?(?:\d{1,9}(?:\.\d{0,17})?|\.\d{1,17}))$/s.exec(entry) ?? [];
    const index = direction === undefined ? position : indexOf(direction, directions);
    const value = Number(distance);
    // NaN for an entry without a distance.
    if (!(Math.abs(value) <= MOST_DISTANCE) || !(index in distances))
      throw new UserError(`"${excerpt(entry)}" is invalid: it must be ${legal}.`);
    if (given.has(index)) throw new UserError(`direction ${index} is given twice: it must be ${legal}.`);
    given.add(index);
    distances[index] = value;
  }
  const turned = distances.slice(0, distances.findLastIndex((distance) => distance !== 0) + 1);
  return turned.length > 0 ? turned : undefined;
}

/** -1 for none. */
function indexOf(direction: string, directions: Directions): number {
  const named = directions.findIndex(({ name }) => name !== null && plainName(name) === plainName(direction));
  return named < 0 && /^\d{1,3}$/.test(direction) ? Number(direction) : named;
}
