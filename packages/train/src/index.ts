/** @module The parts of training that exporting uses: run folders, checkpoints, and the commands that reproduce a run. */

export type { RunRecord } from '@latent-dogs/dcgan';
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
export { readRunRecord } from './run/run-record.ts';
export { trainCommands } from './run/train-command.ts';
