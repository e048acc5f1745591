/** @module Paths that the user typed. */
import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/**
 * The path as it is; or, if nothing is there and the command was started with `pnpm -C FOLDER` or `--dir`, the same path in the
 * folder where the user was.
 */
export function typedPath(path: string): string {
  const from = process.env['INIT_CWD'];
  if (from === undefined || isAbsolute(path) || existsSync(path)) return path;
  const there = join(from, path);
  return existsSync(there) ? there : path;
}
