import { execFile, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';

const AS_MODULE = ['--no-warnings', '--input-type=module', '--eval'];

function programOf(body: string): string {
  const module = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  return `
    import { UserError } from ${module('../../latent/src/index.ts')};
    import { onLostOutput, runCommand } from ${module('./run-command.ts')};
    runCommand(async (argv) => { ${body} });`;
}

/** Runs a command whose `main` is `body`, with the arguments `a b`. `leave`: stop reading its output after the first piece. */
function run(body: string, { leave = false } = {}) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [...AS_MODULE, programOf(body), '--', 'program', 'a', 'b'],
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
    if (leave) child.stdout!.once('data', () => child.stdout!.destroy());
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

const PRINT = "const print = setInterval(() => console.log('line'), 1);";

test('when the reader of the output leaves, the command ends without a word', async () => {
  expect(await run(`${PRINT} return new Promise(() => {});`, { leave: true })).toMatchObject({ code: 141, stderr: '' });
});

test('when the reader of the output leaves, a command may end in its own way', async () => {
  const body = `${PRINT}
    let lost = 0;
    onLostOutput(() => lost++);
    while (lost === 0) await new Promise((resolve) => setTimeout(resolve));
    for (let line = 0; line < 100; line++) await new Promise((resolve) => process.stdout.write('more', resolve));
    return 10 + lost;`;
  expect(await run(body, { leave: true })).toMatchObject({ code: 11, stderr: '' });
});

test.skipIf(process.platform !== 'linux')(
  'an output on a full disk ends the command with one line, exit code 1',
  async () => {
    const program = programOf("console.log('line'); return new Promise(() => setTimeout(() => {}, 1_000_000));");
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [...AS_MODULE, program], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'error: the output cannot be written: the disk is full: free some space\n',
    });
  },
);
