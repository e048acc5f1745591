/** @module The address of a shared picture: /s/luna,42?at=0.35, which says the same as the gallery's #dogs=luna,42&at=0.35. */

import { type DogName, labelName, parseDog, UserError } from '@latent-dogs/latent';
import { excerpt, Problem } from '../http/problem.ts';

/** As many as the gallery takes (web/src/state/picture-state.ts). */
const MOST_DOGS = 12;
/** More parameters than the gallery has. */
const MOST_PARAMETERS = 16;
/** What the gallery writes: names of letters, and values without characters that mean something in HTML or in a URL. */
const NAME = /^[a-z]{1,16}$/;
const VALUE = /^[\w.,~-]{0,120}$/;

export interface SharedPicture {
  /** Names and numbers as people wrote them, and puppies, at least one. */
  labels: string[];
  /** Their names. */
  names: string[];
  /** The same for requests. */
  dogs: DogName[];
  /** Everything else that the gallery knows about the picture. */
  parameters: [name: string, value: string][];
}

const LEGAL = `1 to ${MOST_DOGS} seeds or puppies, separated by commas`;

const illegal = (parameter: string, detail: string, legal: string) =>
  new Problem('invalid-parameter', detail, { errors: [{ parameter, detail, legal }] });

function decodeLabel(part: string): string {
  try {
    return decodeURIComponent(part).normalize('NFC');
  } catch {
    throw illegal('dogs', `dogs cannot be decoded: it must be ${LEGAL}, in UTF-8 with percent-encoding.`, LEGAL);
  }
}

function dogOf(label: string): DogName {
  try {
    return parseDog(label);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw illegal('dogs', `dogs: ${error.message}`, LEGAL);
  }
}

/**
 * @param list the last part of the path, percent-encoded
 * @throws Problem (400) naming what is wrong
 */
export function readSharedPicture(list: string, query: URLSearchParams): SharedPicture {
  const labels = [...new Set(list.split(',').map(decodeLabel))];
  if (labels.length > MOST_DOGS) {
    throw illegal('dogs', `dogs has ${labels.length} seeds: it must be ${LEGAL}.`, LEGAL);
  }
  const parameters = [...query];
  const wrong = parameters.find(([name, value]) => !NAME.test(name) || !VALUE.test(value));
  const name = wrong ? excerpt(wrong[0]) : parameters.length > MOST_PARAMETERS ? 'query' : null;
  if (name !== null) {
    throw illegal(name, `${name} is invalid: links have what the gallery writes.`, 'as the gallery writes it');
  }
  return { labels, names: labels.map(labelName), dogs: labels.map(dogOf), parameters };
}

/** The picture as the fragment of the gallery's address, with "#". */
export function galleryFragment({ labels, parameters }: SharedPicture): string {
  const parts = [`dogs=${labels.map(encodeURIComponent).join(',')}`, ...parameters.map((pair) => pair.join('='))];
  return `#${parts.join('&')}`;
}
