/** @module Where models and the gallery are. In the container, container/places.ts takes the place of this file. */

import { resolve } from 'node:path';

/** Folder of exported models. */
export const MODELS = resolve(import.meta.dirname, '../../../models');

/** Output folder of `pnpm build`. */
export const GALLERY = resolve(import.meta.dirname, '../../web/dist');
