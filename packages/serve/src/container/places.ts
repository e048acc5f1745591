/** @module Where models and the gallery are beside the bundled server; see build-container.ts. */

import { join } from 'node:path';

export const MODELS = join(import.meta.dirname, 'models');
export const GALLERY = join(import.meta.dirname, 'gallery');
