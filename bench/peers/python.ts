/** @module Finds a Python interpreter that has the modules of a peer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UserError } from '@latent-dogs/latent';

export interface Python {
  path: string;
  /** Of the modules that were asked for, by name. */
  versions: Record<string, string>;
}

/** Prints the versions of modules as JSON; null for one that cannot be imported. */
const PROBE = `
import importlib, json, sys
versions = {}
for name in sys.argv[1:]:
    try:
        versions[name] = getattr(importlib.import_module(name), "__version__", "")
    except ImportError:
        versions[name] = None
print(json.dumps(versions))
`;

/**
 * The interpreter `given` (--python), or that of LATENT_DOGS_BENCH_PYTHON, or python3.
 *
 * @throws UserError if `given` does not start
 * @throws Error that says which modules are missing
 */
export async function findPython(given: string | null, modules: readonly string[]): Promise<Python> {
  const path = given ?? process.env['LATENT_DOGS_BENCH_PYTHON'] ?? 'python3';
  const probe = promisify(execFile)(path, ['-c', PROBE, ...modules]).catch((error: NodeJS.ErrnoException) => {
    if (given !== null) throw new UserError(`--python: '${given}' does not start as a Python interpreter`);
    throw new Error(`no Python interpreter: ${error.code === 'ENOENT' ? 'there is no python3' : error.message}`);
  });
  const versions = JSON.parse((await probe).stdout) as Record<string, string | null>;
  const missing = modules.filter((name) => versions[name] === null);
  if (missing.length > 0)
    throw new Error(`the Python interpreter lacks ${missing.join(', ')} (--python PATH chooses another)`);
  return { path, versions: versions as Record<string, string> };
}
