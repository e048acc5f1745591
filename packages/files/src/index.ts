/** @module Files that are written whole or not at all. */
export { syncFolder, writeFileAtomically } from './atomic-file.ts';
export { partialName, removeAbandoned } from './partial-file.ts';
