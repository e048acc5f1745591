import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { typedPath } from './typed-path.ts';

/** Exists in the current folder as well. */
const here = relative('.', import.meta.dirname) || '.';
const user = mkdtempSync(join(tmpdir(), 'typed-path-'));
mkdirSync(join(user, 'photos-of-the-user'));
mkdirSync(join(user, here), { recursive: true });
afterAll(() => rmSync(user, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

test('a path that is not here is looked for where the user was', () => {
  expect(typedPath('photos-of-the-user')).toBe('photos-of-the-user');
  vi.stubEnv('INIT_CWD', user);
  expect(typedPath('photos-of-the-user')).toBe(join(user, 'photos-of-the-user'));
  expect(typedPath(join('..', basename(user), 'photos-of-the-user'))).toBe(join(user, 'photos-of-the-user'));
  expect(typedPath(here)).toBe(here);
  expect(typedPath('nowhere')).toBe('nowhere');
  expect(typedPath(join(user, 'nowhere'))).toBe(join(user, 'nowhere'));
});
