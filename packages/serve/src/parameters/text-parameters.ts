/** @module Schemas that parse query parameters into numbers, seeds and choices, and document their legal values. */

import { type DogName, type NamedDog, parseDog, parseDogList, UserError } from '@latent-dogs/latent';
import * as v from 'valibot';

/** Text about a parameter for documentation and errors. */
export interface Documentation {
  /** What it controls. */
  description: string;
  /** Its legal values, to follow "it must be". */
  legal: string;
  example: string | number;
  /** JSON Schema keywords for limits that a parser checks. */
  minLength?: number;
  anyOf?: readonly object[];
}

export const documented = <Value>({ description, legal, example, ...keywords }: Documentation) =>
  v.metadata<Value, Record<string, unknown>>({
    description: `${description}: ${legal}`,
    legal,
    examples: [example],
    ...keywords,
  });

/** Repeated parameters arrive as a list and are rejected. */
export const once = v.string('given more than once');

/** A number from min to max in plain decimal notation; `whole` numbers have no decimal point. */
export function number(
  min: number,
  max: number,
  { whole, ...rest }: Omit<Documentation, 'legal'> & { whole: boolean },
) {
  const legal = `${whole ? 'an integer' : 'a number'} from ${min} to ${max}`;
  return v.pipe(
    once,
    v.regex(whole ? /^\d{1,9}$/ : /^(\d{1,9}(\.\d{0,17})?|\.\d{1,17})$/, legal),
    v.transform(Number),
    v.number(),
    whole ? v.integer() : v.finite(),
    v.minValue(min, legal),
    v.maxValue(max, legal),
    documented<number>({ legal, ...rest }),
  );
}

/** One of a set of words. */
export function choice<const Options extends readonly string[]>(
  options: Options,
  rest: Omit<Documentation, 'legal' | 'example'>,
) {
  const legal = `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;
  return v.pipe(
    once,
    v.picklist(options, legal),
    documented<Options[number]>({ legal, example: options[0]!, ...rest }),
  );
}

/** Transforms text by `parse`; its UserError becomes the parameter's error. */
export function parsedBy<Value>(parse: (text: string) => Value) {
  return v.rawTransform<string, Value>(({ dataset, addIssue, NEVER }) => {
    try {
      return parse(dataset.value);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      addIssue({ message: error.message });
      return NEVER;
    }
  });
}

/** A dog; the output is its seed as an unsigned 32-bit integer, or the label of a puppy. */
export const dog = (description: string, example: string) =>
  v.pipe(
    once,
    parsedBy(parseDog),
    documented<DogName>({
      description: `${description}, or a puppy of two dogs, such as (Anna*Ben)3`,
      example,
      legal: 'an integer from 0 to 4294967295, or any text of 1 to 64 characters',
      minLength: 1,
      anyOf: [{ maxLength: 64 }, { pattern: '^\\(.*\\*.*\\)[1-8]$', maxLength: 240 }],
    }),
  );

/** The form of a model's name, and of the first digits of a digest; in any case. */
export const MODEL_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** A model's name, or the first 8 to 64 digits of its SHA-256, in hexadecimal; the output is lower case. */
export function modelName(rest: Omit<Documentation, 'legal'>) {
  const legal = 'its name, or the first 8 to 64 hexadecimal digits of its SHA-256';
  return v.pipe(once, v.regex(MODEL_NAME, legal), v.toLowerCase(), documented<string>({ legal, ...rest }));
}

const dogListLegal = (max: number) =>
  `1 to ${max} seeds, ranges of seeds, or puppies such as (Anna*Ben)3, separated by commas`;

/** A list of dogs; the output is what `dog` gives for each. */
export const dogList = (max: number, rest: Omit<Documentation, 'legal'>) =>
  v.pipe(
    once,
    parsedBy((text) => parseDogList(text, { max }).map(({ seed }) => seed)),
    documented<DogName[]>({ legal: dogListLegal(max), minLength: 1, ...rest }),
  );

/** A list of dogs, for answers that name them as they were written. */
export const namedDogList = (max: number, rest: Omit<Documentation, 'legal'>) =>
  v.pipe(
    once,
    parsedBy((text) => parseDogList(text, { max })),
    documented<NamedDog[]>({ legal: dogListLegal(max), minLength: 1, ...rest }),
  );
