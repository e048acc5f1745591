/** @module What an export needs of a training: its run folders, and the commands that made them. */

export { type TrainedGenerator, trainedGenerator } from './backend/trained-generator.ts';
export { checkpointFolder, latestCheckpoint, readCheckpoint, writeCheckpoint } from './run/checkpoint.ts';
export { readLog } from './run/log.ts';
export { sheetsOf } from './run/report/sheet-strip.ts';
export { createRun, findRun } from './run/run-folder.ts';
export { type RunRecord, readRunRecord } from './run/run-record.ts';
export { trainCommands } from './run/train-command.ts';
