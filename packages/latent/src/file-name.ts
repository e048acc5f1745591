/** @module A file name that every system takes and that says which dogs are in it. */

/** The letters and digits of a name; of a name without any, the numbers of its characters. */
function wordOf(name: string): string {
  const word = name.replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '_').replaceAll(/^_+|_+$/g, '');
  return word || Array.from(name, (character) => character.codePointAt(0)!.toString(16)).join('_');
}

/** File systems count bytes, up to 255 of them. */
const MOST_CHARACTERS = 60;

/** Without an extension. */
export const fileNameOf = (dogs: readonly string[]) =>
  Array.from(['dog', ...dogs.map(wordOf)].join('-'))
    .slice(0, MOST_CHARACTERS)
    .join('');
