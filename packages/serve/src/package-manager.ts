/** @module The package manager that runs this command, as in `pnpm serve`. */

import { execFileSync } from 'node:child_process';
import { isAlive } from '@latent-dogs/files';

/** Between this process and its package manager are at most a shell and the script that starts Node. */
const MOST_PROCESSES_BETWEEN = 4;
const INTERVAL_MS = 500;

/**
 * Calls `stop` once the package manager, or a process between it and this one, has ended. A signal that ends them is not
 * always passed on, and SIGKILL never is; the server would go on unseen. Does nothing if no package manager runs this
 * command.
 */
export function whenPackageManagerEnds(stop: () => void, environment = process.env): void {
  const { npm_execpath: executable } = environment;
  const watched = executable === undefined ? [] : ancestorsUpTo(executable);
  if (watched.length === 0) return;
  const timer = setInterval(() => {
    if (watched.every(isAlive)) return;
    clearInterval(timer);
    stop();
  }, INTERVAL_MS);
  timer.unref();
}

/** Ids of the ancestors of this process up to the one that runs `executable`; none if there is none. */
function ancestorsUpTo(executable: string): number[] {
  const found: number[] = [];
  let id = process.ppid;
  while (id > 1 && found.length < MOST_PROCESSES_BETWEEN) {
    found.push(id);
    const line = describe(id);
    if (line === undefined) return [];
    if (line.includes(executable)) return found;
    id = Number.parseInt(line, 10);
  }
  return [];
}

/** The parent and the command of a process; undefined where `ps` does not tell. */
function describe(id: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(id)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
