/** @module Writes dist/, the package that `npm pack` and `npm publish` take. */
import { join } from 'node:path';
import { buildPackage } from './build-package.ts';

await buildPackage(join(import.meta.dirname, '..', 'dist'));
