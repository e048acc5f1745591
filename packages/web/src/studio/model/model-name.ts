/** @module Names of models that people make. */

/** A legal name of a model that none of `taken` has: lower case Latin letters, digits, dots, dashes. */
export function modelNameFrom(text: string, taken: readonly string[]): string {
  const word = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '');
  const name = word || 'my-dogs';
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number++) if (!taken.includes(`${name}-${number}`)) return `${name}-${number}`;
}
