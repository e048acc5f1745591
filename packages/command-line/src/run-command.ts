/** @module How a command ends. */
import { systemErrorText } from '@latent-dogs/files';
import { UserError } from '@latent-dogs/latent';

/**
 * Runs `main` with the arguments after the command's name and ends the process with the exit code that it resolves to.
 * A UserError, and an error of the operating system such as a full disk, is printed as one line without a stack trace. Any error ends
 * the process with 1.
 *
 * onnxruntime-node reports to Microsoft unless ORT_DISABLE_TELEMETRY is set; here it is, unless the user
 * has set it.
 */
export function runCommand(main: (argv: readonly string[]) => Promise<number>): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      const mistake = error instanceof UserError ? error.message : systemErrorText(error);
      console.error(mistake ? `error: ${mistake}` : error);
      process.exit(1);
    },
  );
}
