/** @module For other packages: the built package, and the page beside a model. */
export { DEMO_FILES, writeDemo } from './demo.ts';
