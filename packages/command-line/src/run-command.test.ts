import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

/** Runs a command whose `main` is `body`, with the arguments `a b`. */
function run(body: string) {
  const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const program = `
    import { UserError } from ${module('../../latent/src/index.ts')};
    import { runCommand } from ${module('./run-command.ts')};
    runCommand(async (argv) => { ${body} });`;
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', '--input-type=module', '--eval', program, '--', 'program', 'a', 'b'],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test('the exit code is what main resolves to, even if something still runs', async () => {
  expect(await run('console.log(...argv); setInterval(() => {}, 1000); return 3;')).toEqual({
    code: 3,
    stdout: 'a b\n',
    stderr: '',
  });
});

test("a user's mistake is one line, exit code 1", async () => {
  expect(await run("throw new UserError('--data: no such folder');")).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: --data: no such folder\n',
  });
});

test('an error of the system is one line, exit code 1', async () => {
  const { code, stderr } = await run("(await import('node:fs')).readFileSync('/no/such/file');");
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'error: /no/such/file: no such file or folder\n' });
});

test('any other error comes with its stack trace, exit code 1', async () => {
  const { code, stderr } = await run("throw new TypeError('a mistake of ours');");
  expect(code).toBe(1);
  expect(stderr).toMatch(/^TypeError: a mistake of ours\n {4}at /);
});
