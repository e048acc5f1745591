/** @module Finds the dog's face in a photo, with a network of 260 thousand weights. The caller passes in ONNX Runtime and finder.onnx. */
export { FaceFinder, type FoundFace } from './face-finder.ts';
export { finderGraph } from './finder-graph.ts';
export { type FaceLosses, faceLosses } from './loss.ts';
export { faceNetwork, faceParameters } from './network.ts';
export { CELL, GRID, PICTURE } from './sizes.ts';
export { type Square, squareOf } from './square.ts';
export { type Part, type Picture, squash } from './squash.ts';
export { type Face, faceTargets } from './targets.ts';
