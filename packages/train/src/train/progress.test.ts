import { PassThrough } from 'node:stream';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DecodeReporter, DRAWN_DOGS, TrainingReporter, trainingLine } from './progress.ts';

function capture(isTTY: boolean, columns = 120) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns, cursorTo() {}, clearLine() {} });
  return { stream, text: () => String(stream.read() ?? '') };
}

const plan = { images: 200_000, batch: 50, count: 12_500 };
const tick = { imagesSeen: 31_000, lossD: 0.75124, lossG: 12.1, imagesPerSecond: 44.06 };

describe('trainingLine', () => {
  test('shows the epoch, the batch in it, losses, speed, time left and images', () => {
    // 31,000 images are two epochs of 250 batches and 120 batches more.
    expect(trainingLine(tick, plan, 3_836)).toBe(
      'Epoch 3/16 120/250  D_loss 0.7512 G_loss 12.1000  44.1 images/s  ETA 1:03:56  31,000/200,000 images',
    );
  });

  test.each([
    [50, 'Epoch 1/16 1/250 '],
    [12_500, 'Epoch 1/16 250/250 '],
    [12_550, 'Epoch 2/16 1/250 '],
    [200_000, 'Epoch 16/16 250/250 '],
  ])('after %i images: %s', (imagesSeen, start) => {
    expect(trainingLine({ ...tick, imagesSeen }, plan, 1).startsWith(start)).toBe(true);
  });

  test('batches that straddle epochs, and a last batch past the images asked for', () => {
    const odd = { images: 100, batch: 32, count: 50 };
    const heads = [32, 64, 96, 128].map((imagesSeen) => trainingLine({ ...tick, imagesSeen }, odd, 1).slice(0, 13));
    expect(heads).toEqual(['Epoch 1/3 1/2', 'Epoch 2/3 1/2', 'Epoch 2/3 2/2', 'Epoch 3/3 1/2']);
    expect(trainingLine({ ...tick, imagesSeen: 128 }, odd, 0)).toContain('ETA 0:00  128/128 images');
  });

  test('without a known speed the time left is a dash', () => {
    expect(trainingLine(tick, plan, Number.POSITIVE_INFINITY)).toContain('ETA -:--');
  });
});

test('without a terminal: one plain line per tick and per message, no escape sequences', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { stream, text } = capture(false);
  const reporter = new TrainingReporter(plan, 30_000, stream);
  for (const imagesSeen of [30_500, 31_000]) {
    vi.advanceTimersByTime(10_000);
    reporter.step(imagesSeen);
  }
  reporter.tick(tick);
  reporter.say('guard: rolled back');
  reporter.tick({ ...tick, imagesSeen: 32_000 });
  reporter.stop();
  const lines = text().split('\n');
  expect(lines).toEqual([
    // 50 images a second in all.
    trainingLine(tick, plan, 169_000 / 50),
    'guard: rolled back',
    trainingLine({ ...tick, imagesSeen: 32_000 }, plan, 168_000 / 50),
    '',
  ]);
});

test('on a terminal: a bar from the start, with the same line, and messages that stay above it', () => {
  const { stream, text } = capture(true, 140);
  const reporter = new TrainingReporter(plan, 0, stream);
  expect(text()).toContain('0/200,000 images');
  reporter.tick(tick);
  reporter.say('guard: rolled back');
  reporter.tick({ ...tick, imagesSeen: 100_000 });
  reporter.stop();
  const written = text();
  expect(written).toContain('Epoch 3/16 120/250  D_loss 0.7512 G_loss 12.1000');
  expect(written).toContain('guard: rolled back\n');
  expect(written).toContain('█'.repeat(10) + '░'.repeat(10));
});

test.each([
  [120, ['Epoch 3/16', 'D_loss', 'images/s', 'ETA', '31,000/200,000 images']],
  [80, ['images/s', 'ETA', '31,000/200,000 images']],
  [60, ['ETA', '31,000/200,000 images']],
  [30, ['ETA']],
])('in %i columns the bar and the line fit, with what matters most', (columns, words) => {
  const { stream, text } = capture(true, columns);
  const reporter = new TrainingReporter({ ...plan, images: 200_000 }, 0, stream);
  reporter.tick({ ...tick, lossD: 123.75124 });
  text();
  // Draws once more, without waiting for the bar's own timer.
  reporter.say('');
  reporter.tick({ ...tick, imagesSeen: 31_000, lossD: 123.75124 });
  reporter.stop();
  const lines = text()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one.
    .replace(/\x1b\[[?\d]*[a-z]/gi, '')
    .split(/[\r\n]/)
    .filter((line) => /[█░]/.test(line));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect([...line].length).toBeLessThanOrEqual(columns);
    for (const word of words) expect(line).toContain(word);
  }
});

test('decoding without a terminal: a line every two seconds, and a summary', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const { stream, text } = capture(false);
  const reporter = new DecodeReporter(undefined, stream);
  for (let done = 0; done <= 12_500; done++) {
    reporter.update({ done, total: 12_500, skipped: 3 });
    vi.advanceTimersByTime(1);
  }
  reporter.stop();
  const lines = text().trimEnd().split('\n');
  expect(lines.map((line) => /^\w+ [\d,]+/.exec(line)?.[0])).toEqual([
    ...[2000, 4000, 6000, 8000, 10_000, 12_000].map((done) => `Decoding ${done.toLocaleString('en-US')}`),
    'Decoded 12,500',
  ]);
  expect(lines.at(-1)).toBe('Decoded 12,500/12,500 images, 3 skipped');
});

test('decoding on a terminal draws a bar; without photos to decode, nothing is printed', () => {
  const terminal = capture(true);
  const reporter = new DecodeReporter(DRAWN_DOGS, terminal.stream);
  reporter.update({ done: 0, total: 10, skipped: 0 });
  reporter.update({ done: 10, total: 10, skipped: 1 });
  reporter.stop();
  const drawn = terminal.text();
  expect(drawn).toContain('Drawing ');
  expect(drawn).toContain('10/10 images, 1 skipped');
  const silent = capture(false);
  new DecodeReporter(undefined, silent.stream).stop();
  expect(silent.text()).toBe('');
});
