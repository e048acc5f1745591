/** @module Metrics of generated pictures. They depend on pictures only, not on networks or runs. */
export { type EvaluatedPictures, Evaluator, type FeatureNetwork, type Metrics } from './evaluator.ts';
export { type Memorisation, nearestByFeatures, nearestPhotos, readPictures } from './nearest-photos.ts';
export { mirrored, type Pictures, pictures, quantised, range } from './pictures.ts';
export { type Rows, rows } from './row-products.ts';
export { distanceToPhotos, RunningEvaluation } from './running-evaluation.ts';
export { type PatchDistributions, SlicedWasserstein, slicedWassersteinDistance } from './sliced-wasserstein.ts';
