/** @module The parts of training that exporting uses: run folders, checkpoints, and the commands that reproduce a run. */

export { trainedGenerator } from './backend/trained-generator.ts';
export { bestCheckpoint, noBestCheckpoint } from './run/best-checkpoint.ts';
export {
  checkpointFolder,
  checkpointFolders,
  imagesAt,
  latestCheckpoint,
  readCheckpoint,
  writeCheckpoint,
} from './run/checkpoint.ts';
export { readLog } from './run/log.ts';
export { sheetsOf } from './run/report/sheet-strip.ts';
export { createRun, findRun } from './run/run-folder.ts';
export { type RunRecord, readRunRecord } from './run/run-record.ts';
export { trainCommands } from './run/train-command.ts';
