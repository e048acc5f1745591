/** @module Files that are written whole or not at all. */
export { moveInPlace, syncFolder, writeFileAtomically } from './atomic-file.ts';
export { isAlive } from './is-alive.ts';
export { makeFolder } from './make-folder.ts';
export { partialName, removeAbandoned } from './partial-file.ts';
export { takePidFile } from './pid-file.ts';
export { adviceOn, isDiskFull, named, naming, systemErrorText } from './system-error.ts';
