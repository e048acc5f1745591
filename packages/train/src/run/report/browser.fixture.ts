/** @module Renders a page with charts in a real browser. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS =
  '--no-sandbox --headless --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run';

/** Path of an installed browser; undefined if there is none. */
export const chromium = INSTALLED.find((path) => existsSync(path));

/** The DOM of the page at `file` after its scripts have run, up to the embedded data. `profile`: an empty folder. */
export async function drawnDom(file: string, profile: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    chromium!,
    [...FLAGS.split(' '), `--user-data-dir=${profile}`, '--virtual-time-budget=3000', '--dump-dom', `file://${file}`],
    { maxBuffer: 1e8 },
  );
  return stdout.slice(0, stdout.indexOf('<script type="application/json"'));
}
