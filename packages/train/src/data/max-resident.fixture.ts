import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs `script`, an ES module, in a separate Node process and returns its peak resident memory in MB. The JavaScript heap is
 * kept small, so that garbage not yet collected hardly counts. A script that holds more than 48 MB of objects fails.
 */
export async function maxResidentMegabytes(script: string): Promise<number> {
  const report = '\nprocess.stdout.write(String(process.resourceUsage().maxRSS));';
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-semi-space-size=2',
    '--max-old-space-size=48',
    '--no-warnings',
    '--input-type=module',
    '--eval',
    script + report,
  ]);
  return Number(stdout) / 1024;
}
