// @module-tag slow
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LineProcess, NodeProcess } from './process.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-process-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function script(text: string): string {
  const file = join(folder, 'worker.mjs');
  writeFileSync(file, text);
  return file;
}

const DOUBLE = `process.on('message', (task) => process.send(task * 2)); process.send('ready');`;
const ECHO = `
  import { createInterface } from 'node:readline';
  console.log('{"version": 3}');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '"fail"') throw new RangeError('no memory left');
    console.log(line);
  }`;

test('tasks and answers of a Node process', async () => {
  const worker = await NodeProcess.start(script(DOUBLE));
  expect(await worker.ask(21)).toBe(42);
  expect(await worker.ask(4)).toBe(8);
  worker.stop();
});

test('tasks and answers in lines', async () => {
  const worker = await LineProcess.start<{ version: number }>(process.execPath, [script(ECHO)]);
  expect(worker.ready.version).toBe(3);
  expect(await worker.ask({ steps: [1, 2] })).toEqual({ steps: [1, 2] });
  worker.stop();
});

test('a process that fails says why, at the start or at a task', async () => {
  const broken = script(`throw new TypeError('there is no such runtime')`);
  await expect(NodeProcess.start(broken)).rejects.toThrow('TypeError: there is no such runtime');
  await expect(LineProcess.start(process.execPath, [broken])).rejects.toThrow('there is no such runtime');
  const worker = await LineProcess.start(process.execPath, [script(ECHO)]);
  await expect(worker.ask('fail')).rejects.toThrow('RangeError: no memory left');
});

test('a process that ends without a word', async () => {
  await expect(NodeProcess.start(script('process.exit(3)'))).rejects.toThrow('its process ended with 3');
});

test('a program that does not exist', async () => {
  await expect(LineProcess.start(join(folder, 'python'), [])).rejects.toThrow('ENOENT');
});
