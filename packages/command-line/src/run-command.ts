/** @module How a command ends. */
import { UserError } from '@latent-dogs/latent';

/**
 * Runs `main` with the arguments after the command's name and ends the process with the exit code that it resolves to.
 * A UserError is printed as one line without a stack trace; any error ends the process with 1.
 */
export function runCommand(main: (argv: readonly string[]) => Promise<number>): void {
  main(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      if (error instanceof UserError) console.error(`error: ${error.message}`);
      else console.error(error);
      process.exit(1);
    },
  );
}
