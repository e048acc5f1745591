/** @module CPU time and memory of processes, from Linux's /proc. */

import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the descendants of a process that have this name, or of all. */
export function descendants(name: string | undefined, parent = process.pid): number[] {
  if (read(`/proc/${parent}/comm`) === undefined) return [];
  return readdirSync(`/proc/${parent}/task`).flatMap((task) =>
    (read(`/proc/${parent}/task/${task}/children`) ?? '')
      .split(' ')
      .filter((id) => id !== '')
      .flatMap((id) => [
        ...(name === undefined || read(`/proc/${id}/comm`)?.trim() === name ? [Number(id)] : []),
        ...descendants(name, Number(id)),
      ]),
  );
}

/** User and system time of processes, ms; Linux counts in steps of 10 ms. */
export function cpuTime(ids: readonly number[]): number {
  const ticks = ids.map((id) => {
    const fields = read(`/proc/${id}/stat`)!.split(') ')[1]!.split(' ');
    return Number(fields[11]) + Number(fields[12]);
  });
  return 10 * ticks.reduce((sum, value) => sum + value, 0);
}

/** Time that the threads of a process have run so far, ms; unlike `cpuTime`, exact. */
export function threadTime(id: number): number {
  return readdirSync(`/proc/${id}/task`)
    .map((thread) => Number(read(`/proc/${id}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0) / 1e6)
    .reduce((sum, value) => sum + value, 0);
}

/** Resident memory of a process, MB. */
export const residentMemory = (id: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${id}/status`)!)?.[1]) / 1000;

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
