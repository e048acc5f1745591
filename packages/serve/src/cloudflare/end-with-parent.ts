/**
 * @module Loaded into a tool that this package starts (`node --import`): ends the tool when its parent process has
 * ended without passing on a signal, as after SIGKILL. The channel between them closes then. wrangler also closes it itself
 * when its work is done: it then has time to end with its own exit code.
 */

const PATIENCE_MS = 2000;

process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGTERM'), PATIENCE_MS).unref();
});
// Waiting for that does not keep the tool alive.
process.channel?.unref();
