/** @module Shared by every runtime: seed -> z, interpolation of latents, model.json, tensor -> pixels. */

export { type Child, canBreed, childLabel, LITTER, labelLatent, labelName, parseChild } from './child.ts';
export { listEntries, type NamedDog, parseDogList } from './dog-list.ts';
export { fileNameOf } from './file-name.ts';
export { slerp, slerpPath, truncate } from './interpolate.ts';
export { mirror } from './mirror.ts';
export { mix } from './mix.ts';
export { type ModelManifest, parseModelManifest } from './model-manifest.ts';
export { moveAlong } from './move-along.ts';
export { type DogName, parseDog } from './parse-dog.ts';
export type { PictureSource } from './picture-source.ts';
export { chwToRgba } from './pixels.ts';
export { latentFromSeed } from './random-latent.ts';
export { NormalStream, type StreamState, UniformStream } from './random-stream.ts';
export { deriveSeed, parseSeed } from './seed.ts';
export { UserError } from './user-error.ts';
