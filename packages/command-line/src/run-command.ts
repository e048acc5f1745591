/** @module How a command ends. */
import { constants } from 'node:os';
import { systemErrorText } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/**
 * Runs `main` with the arguments after the command's name and ends the process with the exit code that it resolves to.
 * A UserError, and an error of the operating system such as a full disk, is printed as one line without a stack trace. Any error ends
 * the process with 1.
 *
 * When the output cannot be written any more, because its reader has left, as in `pnpm runs | head`, or because it goes to a
 * full disk, the command ends in the way it gave to `onLostOutput`, so that a training writes its checkpoint;
 * otherwise at once, with the exit code of a broken pipe, or 1.
 *
 * onnxruntime-node reports to Microsoft unless ORT_DISABLE_TELEMETRY is set; here it is, unless the user
 * has set it.
 */
export function runCommand(main: (argv: readonly string[]) => Promise<number>): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  endWithOutput();
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      const mistake = error instanceof UserError ? error.message : systemErrorText(error);
      console.error(mistake ? `error: ${mistake}` : error);
      process.exit(1);
    },
  );
}

const lostOutput: (() => void)[] = [];

/** Calls `listener` when the output cannot be written any more. It must end the command. (A handler of SIGPIPE would hear of sockets as well.) */
export function onLostOutput(listener: () => void): void {
  lostOutput.push(listener);
}

function endWithOutput(): void {
  let ending = false;
  const end = (error: NodeJS.ErrnoException) => {
    // What is written while the command ends fails as well.
    if (ending) return;
    ending = true;
    // EIO: the terminal was closed.
    const readerLeft = error.code === 'EPIPE' || error.code === 'EIO';
    if (!readerLeft) console.error(`error: the output cannot be written: ${systemErrorText(error) ?? error.message}`);
    if (lostOutput.length === 0) process.exit(readerLeft ? 128 + constants.signals.SIGPIPE : 1);
    for (const listener of lostOutput) listener();
  };
  process.stdout.on('error', end);
  process.stderr.on('error', end);
}
