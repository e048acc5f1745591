/**
 * @module Loaded into a tool that this package starts (`node --import`): ends the tool when its parent process has
 * ended without passing on a signal, as after SIGKILL. The channel between them closes then.
 */

process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Waiting for that does not keep the tool alive.
process.channel?.unref();
