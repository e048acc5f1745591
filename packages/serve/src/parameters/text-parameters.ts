/** @module Query parameters: text that stands for numbers, seeds and choices, with what each may be in words. */

import { parseSeed, parseSeedList, UserError } from '@latent-dogs/latent';
import * as v from 'valibot';

/** What documentation and errors say about a parameter. */
interface Words {
  /** What it decides. */
  description: string;
  /** What it may be, to follow "it is". */
  legal: string;
  example: string | number;
  /** JSON Schema's words for what a parser checks here. */
  minLength?: number;
  maxLength?: number;
}

const words = <Value>({ description, legal, example, ...keywords }: Words) =>
  v.metadata<Value, Record<string, unknown>>({
    description: `${description}: ${legal}`,
    legal,
    examples: [example],
    ...keywords,
  });

/** Every parameter arrives as a list of text if it is repeated, and is refused then. */
const once = v.string('given more than once');

/** A number from min to max in plain decimal text; whole ones without a point. */
export function number(min: number, max: number, { whole, ...rest }: Omit<Words, 'legal'> & { whole: boolean }) {
  const legal = `${whole ? 'an integer' : 'a number'} from ${min} to ${max}`;
  return v.pipe(
    once,
    v.regex(whole ? /^\d{1,9}$/ : /^(\d{1,9}(\.\d{0,17})?|\.\d{1,17})$/, legal),
    v.transform(Number),
    v.number(),
    whole ? v.integer() : v.finite(),
    v.minValue(min, legal),
    v.maxValue(max, legal),
    words<number>({ legal, ...rest }),
  );
}

/** One of some words. */
export function choice<const Options extends readonly string[]>(
  options: Options,
  rest: Omit<Words, 'legal' | 'example'>,
) {
  const legal = `${options.slice(0, -1).join(', ')} or ${options.at(-1)}`;
  return v.pipe(once, v.picklist(options, legal), words<Options[number]>({ legal, example: options[0]!, ...rest }));
}

/** Text that `parse` takes; its error becomes the parameter's. */
function readableBy<Value>(parse: (text: string) => Value) {
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

/** A seed as people write it; its output is the unsigned 32-bit integer it stands for. */
export const seed = (description: string, example: string) =>
  v.pipe(
    once,
    readableBy(parseSeed),
    words<number>({
      description,
      example,
      legal: 'an integer from 0 to 4294967295, or any text of 1 to 64 characters',
      minLength: 1,
      maxLength: 64,
    }),
  );

/** A list of seeds; its output are the integers they stand for. */
export const seedList = (max: number, rest: Omit<Words, 'legal'>) =>
  v.pipe(
    once,
    readableBy((text) => parseSeedList(text, { max }).map((labelled) => labelled.seed)),
    words<number[]>({ legal: `1 to ${max} seeds and ranges of seeds with commas between`, minLength: 1, ...rest }),
  );
