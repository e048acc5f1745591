/** @module What the commands of all packages share: reading arguments, failing, tables. */
export { alignedTable } from './aligned-table.ts';
export { checkRange, choice, count, list, number, parseArguments, type Range, runCommand, text } from './arguments.ts';
