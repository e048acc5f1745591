import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { smallConfig } from '@latent-dogs/dcgan/trained-tensors';
import { UserError } from '@latent-dogs/latent';
import { ExportedModel } from '@latent-dogs/models';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportModel } from './export-model.ts';
import { checkModelFolder, recoverModelFolder, replaceModelFolder } from './model-folder.ts';
import { makeRun } from './testing/trained-run.ts';

let models: string;
let out: string;
beforeEach(async () => {
  models = await mkdtemp(join(tmpdir(), 'models-'));
  out = join(models, 'dogs');
});
afterEach(() => rm(models, { recursive: true, force: true }));

const fill = (content: string) => async (folder: string) => {
  await mkdir(join(folder, 'timelapse'));
  for (const name of ['generator.onnx', 'model.json', 'README.md', 'timelapse/1.webp']) {
    await writeFile(join(folder, name), content);
  }
};
const read = (name: string) => readFile(join(out, name), 'utf8');

describe('replacing a model', () => {
  test('a first one appears', async () => {
    expect(await replaceModelFolder(join(models, 'new', 'dogs'), fill('1'))).toEqual([]);
    expect(await readFile(join(models, 'new', 'dogs', 'README.md'), 'utf8')).toBe('1');
  });

  test('all that an export writes is new, and what the user put there stays', async () => {
    await replaceModelFolder(out, fill('1'));
    await writeFile(join(out, 'README.md'), 'mine');
    await mkdir(join(out, 'notes'));
    await writeFile(join(out, 'notes', 'a.txt'), 'mine too');
    await writeFile(join(out, 'timelapse', '2.webp'), 'of the old model');
    expect((await replaceModelFolder(out, fill('2'))).sort()).toEqual(['README.md', 'notes']);
    expect([await read('generator.onnx'), await read('model.json')]).toEqual(['2', '2']);
    expect([await read('README.md'), await read('notes/a.txt')]).toEqual(['mine', 'mine too']);
    expect(await readdir(join(out, 'timelapse'))).toEqual(['1.webp']);
    expect(await readdir(models)).toEqual(['dogs']);
  });

  test('the README too if asked for', async () => {
    await replaceModelFolder(out, fill('1'));
    await replaceModelFolder(out, fill('2'), { replaceCard: true });
    expect(await read('README.md')).toBe('2');
  });

  test('one that fails half-way leaves the old one and nothing else', async () => {
    await replaceModelFolder(out, fill('1'));
    const failing = async (folder: string) => {
      await writeFile(join(folder, 'generator.onnx'), 'half');
      throw new Error('disk full');
    };
    await expect(replaceModelFolder(out, failing)).rejects.toThrow('disk full');
    expect(await read('generator.onnx')).toBe('1');
    expect(await readdir(models)).toEqual(['dogs']);
  });
});

test('a full disk and a place that cannot be made are mistakes that name --out', async () => {
  const full = async () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' });
  };
  await expect(replaceModelFolder(out, full)).rejects.toThrow(`--out: can't write '${out}': the disk is full`);
  await writeFile(join(models, 'file'), '');
  const below = join(models, 'file', 'dogs');
  await expect(replaceModelFolder(below, fill('1'))).rejects.toThrow(
    `--out: can't write '${below}': there is a file of that name`,
  );
  // Not of the new folder: nothing about --out.
  const elsewhere = async () => {
    throw Object.assign(new Error('no such file'), { code: 'ENOENT', syscall: 'open', path: '/run/gone' });
  };
  await expect(replaceModelFolder(out, elsewhere)).rejects.toThrow('no such file');
});

describe('after a kill', () => {
  test('between the two renames: the old model comes back', async () => {
    await replaceModelFolder(out, fill('1'));
    await rename(out, join(models, '.dogs.replaced'));
    await recoverModelFolder(out);
    expect(await read('model.json')).toBe('1');
    expect(await readdir(models)).toEqual(['dogs']);
  });

  test('after both: the replaced one goes', async () => {
    await replaceModelFolder(out, fill('1'));
    await rename(out, join(models, '.dogs.replaced'));
    await fill('2')(await mkdir(out).then(() => out));
    await recoverModelFolder(out);
    expect(await read('model.json')).toBe('2');
    expect(await readdir(models)).toEqual(['dogs']);
  });

  test('half-made folders of dead processes go; those of living ones and of other models stay', {
    tags: 'slow',
  }, async () => {
    const dead = spawn(process.execPath, ['--eval', '']);
    await once(dead, 'exit');
    const living = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)']);
    for (const name of [`.dogs.partial-${dead.pid}`, `.dogs.partial-${living.pid}`, `.dogs-2.partial-${dead.pid}`]) {
      await mkdir(join(models, name));
    }
    await recoverModelFolder(out);
    living.kill();
    expect((await readdir(models)).sort()).toEqual(
      [`.dogs-2.partial-${dead.pid}`, `.dogs.partial-${living.pid}`].sort(),
    );
  });

  test('a real export, killed while it writes: the old model is whole, and the next export clears up', {
    tags: 'slow',
  }, async () => {
    const run = await makeRun(smallConfig({ seed: 1 }));
    const options = {
      run,
      out,
      precision: 'fp32',
      checkpoint: 'latest',
      names: [],
      training: true,
      force: false,
    } as const;
    await exportModel(options);
    const before = await Promise.all(
      ['generator.onnx', 'model.json', 'samples.png'].map((name) => readFile(join(out, name))),
    );

    const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
    const child = spawn(process.execPath, [cli, '--run', run, '--out', out, '--precision', 'int8'], {
      stdio: 'ignore',
    });
    const exited = once(child, 'exit');
    const partial = `.${basename(out)}.partial-${child.pid}`;
    while (child.exitCode === null && !(await readdir(models)).includes(partial)) await setTimeout(1);
    child.kill('SIGKILL');
    expect((await exited)[1]).toBe('SIGKILL');

    expect(await readdir(models)).toContain(partial);
    expect(
      await Promise.all(['generator.onnx', 'model.json', 'samples.png'].map((name) => readFile(join(out, name)))),
    ).toEqual(before);
    await (await ExportedModel.open(out)).dispose();

    await exportModel({ ...options, precision: 'int8' });
    expect(await readdir(models)).toEqual(['dogs']);
    const model = await ExportedModel.open(out);
    expect(model.manifest.generator.precision).toBe('int8');
    await model.dispose();
    await rm(dirname(run), { recursive: true });
  });
});

describe('where a model may go', () => {
  test.each(['dogs-64', 'my.dogs_2'])('%s', async (name) => {
    expect(await checkModelFolder(join(models, name))).toBe(name);
  });

  test('an empty folder, and a model to be replaced', async () => {
    await mkdir(out);
    expect(await checkModelFolder(out)).toBe('dogs');
    await writeFile(join(out, 'model.json'), '{}');
    expect(await checkModelFolder(`${out}/`)).toBe('dogs');
  });

  test.each(['Dogs', '-dogs', 'dogs 64'])('not %j, which is no model name', async (name) => {
    await expect(checkModelFolder(join(models, name))).rejects.toThrow(UserError);
    await expect(access(join(models, name))).rejects.toThrow();
  });

  test('not a file, and not a folder of other things', async () => {
    await writeFile(out, 'photo');
    await expect(checkModelFolder(out)).rejects.toThrow(/is a file/);
    await mkdir(join(models, 'photos'));
    await writeFile(join(models, 'photos', 'rex.jpg'), 'photo');
    await expect(checkModelFolder(join(models, 'photos'))).rejects.toThrow(/holds other files/);
  });
});
