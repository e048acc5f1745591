/** @module The type of a setting of a training run: its legal values, its help, and its role in names, labels and resumes. */

/** From `min` to `max`, both included. `images`: a number of images, which may be written 200k or 2M. */
interface NumberLegal {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly images: boolean;
}

/** Legal values of a setting. */
type Legal =
  | NumberLegal
  /** One of `words`. `formerly` maps words of earlier versions to current ones. */
  | {
      readonly type: 'choice';
      readonly words: readonly (string | number)[];
      readonly formerly: Readonly<Record<string, string>>;
    }
  /** Any of `words`, each at most once, in the order of `words`. */
  | { readonly type: 'list'; readonly words: readonly string[] }
  | { readonly type: 'switch' }
  | { readonly type: 'path' };

interface Description {
  /** Heading in `--help`. */
  readonly group: 'What to train on' | 'Recipe' | 'Run';
  /** One line in `--help`. */
  readonly help: string;
  /** For a switch: the line of `--no-…`. */
  readonly helpOff?: string;
  /** Placeholder of the option's value in `--help`: `rate`, `pixels`. */
  readonly unit?: string;
  /** Name of the setting in earlier versions, so that old runs and old command lines keep working. */
  readonly formerly?: string;
  /** Value for runs older than the setting. If undefined, a run must have the setting. */
  readonly absent?: unknown;
  /**
   * What the setting affects. Names of run folders show `recipe` and `length`; labels of compared runs show `recipe` and
   * `compute`; a resume may change `compute` and `report`.
   */
  readonly role: 'subject' | 'recipe' | 'length' | 'compute' | 'report';
  /**
   * Whether a resume may change it. `free`: yes, the tensors don't depend on it. `recorded`: yes, and `config.json` keeps the
   * previous value, because the tensors depend on it. Undefined: no, unless its role is `compute` or `report`.
   */
  readonly onResume?: 'free' | 'recorded';
  /**
   * What `--from` takes from the run that made the weights. `network`: the value, which no option can change, because the weights
   * have its shape. `default`: the default, unless `--preset` is given. Undefined: nothing.
   */
  readonly onTransfer?: 'network' | 'default';
  /** Whether the time or memory of a step depends on it. */
  readonly shapesStep?: true;
}

export interface Setting<T> extends Description {
  readonly legal: Legal;
  /** Whether null is legal too. */
  readonly nullable: boolean;
  /** Value in the `paper` preset; other presets list their differences. */
  readonly value: T;
}

type Described<T, D> = Setting<T> & D;

export const number = <const D extends Description>(value: number, min: number, max: number, description: D) =>
  numeric(value, { min, max, whole: false, images: false }, description);

export const whole = <const D extends Description>(value: number, min: number, max: number, description: D) =>
  numeric(value, { min, max, whole: true, images: false }, description);

/** A number of images: 200000, 200k, 2M. */
export const images = <const D extends Description>(value: number, min: number, max: number, description: D) =>
  numeric(value, { min, max, whole: true, images: true }, description);

export const wholeOrNull = <const D extends Description>(
  value: number | null,
  min: number,
  max: number,
  description: D,
): Described<number | null, D> => ({
  ...description,
  legal: { type: 'number', min, max, whole: true, images: false },
  nullable: true,
  value,
});

export const choice = <const W extends readonly (string | number)[], const D extends Description>(
  value: W[number],
  words: W,
  description: D,
  formerly: Readonly<Record<string, W[number] & string>> = {},
): Described<W[number], D> => ({ ...description, legal: { type: 'choice', words, formerly }, nullable: false, value });

export const list = <const W extends readonly string[], const D extends Description>(
  value: readonly W[number][],
  words: W,
  description: D,
): Described<W[number][], D> => ({
  ...description,
  legal: { type: 'list', words },
  nullable: false,
  value: [...value],
});

export const toggle = <const D extends Description>(value: boolean, description: D): Described<boolean, D> => ({
  ...description,
  legal: { type: 'switch' },
  nullable: false,
  value,
});

export const path = <const D extends Description>(description: D): Described<string | null, D> => ({
  ...description,
  legal: { type: 'path' },
  nullable: true,
  value: null,
});

function numeric<const D extends Description>(
  value: number,
  range: { min: number; max: number; whole: boolean; images: boolean },
  description: D,
): Described<number, D> & { readonly legal: NumberLegal } {
  return { ...description, legal: { type: 'number', ...range }, nullable: false, value };
}

/** Whether a value read from JSON is legal. */
export function isLegal({ legal, nullable }: Setting<unknown>, value: unknown): boolean {
  if (value === null) return nullable;
  switch (legal.type) {
    case 'number':
      return (
        typeof value === 'number' &&
        value >= legal.min &&
        value <= legal.max &&
        (!legal.whole || Number.isInteger(value))
      );
    case 'choice':
      return legal.words.includes(value as string);
    case 'list':
      return Array.isArray(value) && value.every((word) => legal.words.includes(word));
    case 'switch':
      return typeof value === 'boolean';
    case 'path':
      return typeof value === 'string';
  }
}

/** The legal values as text: `a whole number from 8 to 256`. */
export function legalText({ legal, nullable }: Setting<unknown>): string {
  const text = (): string => {
    switch (legal.type) {
      case 'number':
        return `a ${legal.whole ? 'whole ' : ''}number from ${legal.min} to ${legal.max}`;
      case 'choice':
        return `one of ${legal.words.join(', ')}`;
      case 'list':
        return `a list of ${legal.words.join(', ')}`;
      case 'switch':
        return 'true or false';
      case 'path':
        return 'a path';
    }
  };
  return nullable ? `${text()}, or null` : text();
}
