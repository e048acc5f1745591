/** @module What the commands of all packages share: reading arguments, printing numbers and tables, ending. */
export { alignedTable } from './aligned-table.ts';
export { checkRange, choice, count, list, number, parseArguments, parsed, type Range, text } from './arguments.ts';
export { cannotWrite } from './cannot-write.ts';
export { bytesText, duration, grouped, megabytes, parseCount, short } from './numbers.ts';
export { onLostOutput, runCommand } from './run-command.ts';
export { typedPath } from './typed-path.ts';
