/** @module A page with charts as a real browser draws it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS =
  '--no-sandbox --headless --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run';

/** Undefined where none is installed. */
export const chromium = INSTALLED.find((path) => existsSync(path));

/** The elements of the page at `file` once its scripts have run, without the data. `profile`: an empty folder. */
export async function drawnDom(file: string, profile: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    chromium!,
    [...FLAGS.split(' '), `--user-data-dir=${profile}`, '--virtual-time-budget=3000', '--dump-dom', `file://${file}`],
    { maxBuffer: 1e8 },
  );
  return stdout.slice(0, stdout.indexOf('<script type="application/json"'));
}
