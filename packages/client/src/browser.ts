/** @module The package's entry in browsers. */
import { openWorkerEngine } from './browser/worker-engine.ts';
import { createGenerator } from './generator.ts';
import { readModel } from './read-model.ts';
import type { Generator, LoadOptions, ModelFiles } from './types.ts';

export { GeneratorError, type GeneratorErrorCode } from './generator-error.ts';
export type * from './types.ts';

/**
 * Loads a model folder that `pnpm export` wrote.
 *
 * @param source address of the folder or of its model.json (in Node also a path), or the files themselves
 * @throws GeneratorError, or the signal's reason
 * @example
 * const dogs = await loadGenerator('/models/dogs-128/');
 * context.putImageData(await dogs.generate('luna'), 0, 0);
 */
export async function loadGenerator(source: string | URL | ModelFiles, options: LoadOptions = {}): Promise<Generator> {
  const model = await readModel(source, options, globalThis.document?.baseURI);
  return createGenerator(model.description, await openWorkerEngine(model, options));
}
