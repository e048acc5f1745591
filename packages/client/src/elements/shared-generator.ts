/** @module One generator per model and page, however many elements show its pictures. */
import { loadGenerator } from '../browser.ts';
import type { Generator } from '../types.ts';

const generators = new Map<string, Promise<Generator>>();

/** @param model address of a model folder. After a failure the next call tries again. */
export function sharedGenerator(model: string): Promise<Generator> {
  const address = new URL(model, document.baseURI).href;
  const before = generators.get(address);
  if (before) return before;
  const loading = loadGenerator(address);
  generators.set(address, loading);
  loading.catch(() => generators.delete(address));
  return loading;
}
