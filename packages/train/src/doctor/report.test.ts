import { presetConfig } from '@latent-dogs/dcgan';
import { expect, test } from 'vitest';
import { diagnose } from './diagnose.ts';
import { reportText } from './report.ts';

const config = presetConfig('dogs', null);
const broken = { works: false, reason: 'it is broken', remedy: 'Mend it' } as const;

test('the fastest comes first and is the default of training; the others have a problem and a remedy', async () => {
  const diagnosis = await diagnose(config, async ({ device }, { precision }) => {
    if (device === 'cuda') return broken;
    const imagesPerSecond = device === 'cpu' ? 61.7 : precision === 'mixed' ? 1300 : 912.4;
    return { works: true, imagesPerSecond, peakMemory: 2 ** 30 };
  });
  const text = reportText(diagnosis, 'a small network');
  const rows = text.split('\n').filter((line) => /^ {2}\S/.test(line));
  expect(rows[0]).toMatch(/^ {2}ONNX Runtime on WebGPU +\S+ +912 images\/s \(mixed: 1300\) +1\.0 GB$/);
  expect(rows[1]).toMatch(/ 62 images\/s +1\.0 GB$/);
  expect(rows.filter((line) => line.includes('it is broken'))).toHaveLength(2);
  expect(text).toContain('TensorFlow on CUDA: Mend it.');
  expect(text).toContain('pnpm train chooses ONNX Runtime on WebGPU by default.');
  // The machine.
  expect(text).toMatch(/^Processor +.+ threads, \d+\.\d GB of memory$/m);
});

test('says so if no backend works', async () => {
  const diagnosis = await diagnose(config, async () => broken);
  expect(diagnosis.findings.every(({ works }) => !works)).toBe(true);
  expect(reportText(diagnosis, 'a small network')).toContain('No backend works');
});
