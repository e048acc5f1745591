/** @module Errors of the operating system as sentences: which file, what is wrong, and what to do. */

const ADVICE: Record<string, string> = {
  ENOSPC: 'the disk is full: free some space',
  EDQUOT: 'the disk quota is used up: free some space',
  EACCES: 'no permission: change its permissions, or use another place',
  EPERM: 'no permission: change its permissions, or use another place',
  EROFS: 'the file system is read-only: use a place that is writable',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'a part of that path is a file: move it away',
  EISDIR: 'there is a folder of that name: move it away, or name a file',
  EEXIST: 'there is a file of that name: move it away',
  ENAMETOOLONG: 'the name is too long: use a shorter one',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  EIO: 'the disk cannot be read or written: check it',
  ESTALE: 'the network drive has changed: connect it again',
};

/** What is wrong and what to do, such as `the disk is full: free some space`; null if `error` is not of the operating system. */
export function adviceOn(error: unknown): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // Node's own checks have codes such as ERR_FS_EISDIR.
  return (syscall !== undefined && ADVICE[(code ?? '').replace(/^ERR_FS_/, '')]) || null;
}

/** The same, with the path in front: of a file that cannot be renamed, the name that it should get. */
export function systemErrorText(error: unknown): string | null {
  const advice = adviceOn(error);
  const { path: from, dest: path = from } = error as NodeJS.ErrnoException & { dest?: string };
  return advice && (path === undefined ? advice : `${path}: ${advice}`);
}

export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Gives an error of `work` the path of its file: that of a write to an open file has none. */
export async function naming<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw named(error, path);
  }
}

/** `error` with a path, if it is of the operating system and has none. */
export function named(error: unknown, path: string): unknown {
  const { syscall, path: known } = error as NodeJS.ErrnoException;
  return syscall === undefined || known !== undefined ? error : Object.assign(error as Error, { path });
}
