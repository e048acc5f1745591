/** @module How the commands of this package fail. */
import { UserError } from '@latent-dogs/latent';

/** Runs a command; a user's mistake is told without a stack trace. */
export async function runCommand(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (error instanceof UserError) console.error(`error: ${error.message}`);
    else console.error(error);
    process.exitCode = 1;
  }
}
