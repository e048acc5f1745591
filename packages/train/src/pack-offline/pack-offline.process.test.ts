import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { photoFolder, photoOfNothing } from '../train/training-process.fixture.ts';

/** Whether a process without network, loopback included, can be started. */
const canIsolate = spawnSync('unshare', ['-rn', 'true']).status === 0;

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')('the archive (Linux on x64)', () => {
  let root: string;
  let archive: string;
  let unpacked: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pack-offline-'));
    await photoFolder(join(root, 'snapshots'), 12);
    archive = join(root, 'trainer.tar.xz');
    const script = join(import.meta.dirname, 'cli.ts');
    const env = { ...process.env, INIT_CWD: root };
    const args = ['--no-warnings', script, '--out', 'trainer.tar.xz', '--data', 'snapshots'];
    await promisify(execFile)(process.execPath, args, { env });
    await mkdir(join(root, 'empty'));
    execFileSync('tar', ['-xf', archive, '-C', join(root, 'empty')]);
    unpacked = join(root, 'empty', 'latent-dogs-linux-x64');
  }, 900_000);
  afterAll(() => rm(root, { recursive: true }));

  /** Runs a command of the archive in its folder, without environment and, if possible, without network. */
  function run(command: string, ...args: string[]) {
    const isolated = canIsolate ? ['unshare', '-rn', command] : [command];
    return spawnSync('env', ['-i', ...isolated, ...args], { cwd: unpacked, encoding: 'utf8' });
  }

  test('is smaller than 60 MB', async () => {
    expect((await stat(archive)).size).toBeLessThan(60e6);
  });

  test('trains on the included photos without anything else installed, and its run can be resumed', async () => {
    const small = ['--channels', '8', '--batch', '4', '--latent', '8', '--evaluate', '8', '--tick', '8'];
    const { status, stdout, stderr } = run('./train', '--data', 'snapshots', '--images', '16', ...small);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/12 images of 'snapshots', from image 0/);
    expect(status).toBe(0);
    const [name] = await readdir(join(unpacked, 'runs'));
    const runFolder = join(unpacked, 'runs', name!);
    const { versions, config } = JSON.parse(await readFile(join(runFolder, 'config.json'), 'utf8')) as {
      versions: Record<string, string>;
      config: Record<string, unknown>;
    };
    expect(versions).toMatchObject({
      node: process.versions.node,
      '@tensorflow/tfjs-core': '4.22.0',
      sharp: expect.any(String),
    });
    expect(config).toMatchObject({ backend: 'onnxruntime', images: 16 });
    // The report contains its chart library.
    expect(await readFile(join(runFolder, 'report.html'), 'utf8')).toContain('uPlot');
    expect(existsSync(join(runFolder, 'fakes-000016.png'))).toBe(true);
    const resumed = run('./train', '--resume', 'latest', '--images', '24');
    expect(resumed.stdout).toMatch(/from image 16/);
    expect(resumed.status).toBe(0);
  });

  test('contains the face finder of --crop face', async () => {
    await mkdir(join(unpacked, 'lawns'));
    await photoOfNothing(join(unpacked, 'lawns', 'lawn.png'));
    const { stderr } = run('./train', '--data', 'lawns', '--crop', 'face');
    expect(stderr).toContain("no dog's face was found in lawns");
  });

  test('contains the doctor', () => {
    const { status, stdout } = run('./doctor', '--json');
    expect(status).toBe(0);
    const { findings } = JSON.parse(stdout) as { findings: { device: string; works: boolean }[] };
    expect(findings[0]).toMatchObject({ works: true });
    expect(findings).toHaveLength(5);
  });
});
