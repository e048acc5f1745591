import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import {
  appendFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { DecodeProgress } from './dataset.ts';
import { QUADRANTS, quadrants, quadrantsOf, readAll, temporaryFolder } from './photos.fixture.ts';
import { openPhotos, type PhotoOptions } from './photos.ts';
import { tiff } from './tiff.fixture.ts';

let root: string;
let photos: string;
let cacheDir: string;
beforeEach(async () => {
  root = temporaryFolder();
  photos = join(root, 'my dogs');
  cacheDir = join(root, 'cache');
  await mkdir(photos);
});
afterEach(() => rm(root, { recursive: true }));

const open = (options: Partial<PhotoOptions> = {}) =>
  openPhotos({ path: photos, size: 16, photoSize: null, crop: 'center', cacheDir, ...options });

/** A 24x24 PNG of one grey, told apart by it. */
function plain(grey: number): Promise<Buffer> {
  const background = { r: grey, g: grey, b: grey };
  return sharp({ create: { width: 24, height: 24, channels: 3, background } })
    .png()
    .toBuffer();
}

async function put(path: string, contents: Buffer | string): Promise<void> {
  const file = join(photos, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, contents);
}

/** The greys of a dataset of plain photos, in order; the dataset is closed. */
async function greys(dataset: Awaited<ReturnType<typeof open>>): Promise<number[]> {
  const images = await readAll(dataset);
  await dataset.close();
  return Array.from({ length: dataset.count }, (_, i) => images[i * 3 * dataset.size ** 2]!);
}

async function zip(entries: [string, Buffer | string][], compress = true): Promise<string> {
  const file = join(root, 'my dogs.zip');
  const archive = new ZipFile();
  for (const [name, contents] of entries) {
    if (name.endsWith('/')) archive.addEmptyDirectory(name);
    else archive.addBuffer(Buffer.from(contents), name, { compress });
  }
  archive.end();
  await finished(archive.outputStream.pipe(createWriteStream(file)));
  return file;
}

/** Good and bad files under awkward names. */
async function collection(): Promise<[string, Buffer | string][]> {
  const jpeg = await quadrants().jpeg().toBuffer();
  return [
    ['b/10.png', await plain(10)],
    ['b/9.png', await plain(9)],
    ['a.png', await plain(200)],
    ['a/deep/er/x.webp', await quadrants().webp({ lossless: true }).toBuffer()],
    ['a/é ß 犬 "quoted".jpg', jpeg],
    ['a/jpeg called.txt', jpeg],
    ['text.jpg', 'I am no picture'],
    ['notes.csv', 'file,box\n'],
    ['empty.png', ''],
    ['cut.jpg', jpeg.subarray(0, jpeg.length >> 1)],
    [
      'tiny.png',
      await sharp({ create: { width: 8, height: 90, channels: 3, background: '#fff' } })
        .png()
        .toBuffer(),
    ],
    ['svg.png', '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"/>'],
    ['.hidden.png', await plain(77)],
    ['.hidden/x.png', await plain(78)],
  ];
}
const COLLECTION_SKIPPED = { 'not a supported image': 3, 'empty file': 1, broken: 1, 'too small': 1 };

describe('a folder', () => {
  test('is read with its subfolders in the order of the paths, the unusable files left out and named', async () => {
    for (const [name, contents] of await collection()) await put(name, contents);
    const steps: DecodeProgress[] = [];
    const dataset = await open({ onProgress: (progress) => steps.push(progress) });
    expect(dataset).toMatchObject({ name: 'my dogs', count: 6, size: 16, skippedCounts: COLLECTION_SKIPPED });
    expect(dataset.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(dataset.skipped.map(({ file }) => file)).toEqual([
      'cut.jpg',
      'empty.png',
      'notes.csv',
      'svg.png',
      'text.jpg',
      'tiny.png',
    ]);
    expect(dataset.skipped.map(({ reason }) => reason.split(':')[0])).toEqual([
      'broken',
      'empty file',
      'not a supported image',
      'not a supported image',
      'not a supported image',
      'too small',
    ]);
    // a.png, a/deep/er/x.webp, a/jpeg called.txt, a/é…, b/10.png, b/9.png
    expect((await quadrantsOf(dataset, 0))[0]).toEqual([200, 200, 200]);
    expect(await quadrantsOf(dataset, 1)).toEqual(QUADRANTS.map((colour) => [...colour]));
    expect(await quadrantsOf(dataset, 2)).toEqual(await quadrantsOf(dataset, 3));
    expect((await quadrantsOf(dataset, 4))[0]).toEqual([10, 10, 10]);
    expect((await quadrantsOf(dataset, 5))[0]).toEqual([9, 9, 9]);
    await dataset.close();

    expect(steps.at(-1)).toEqual({ done: 12, total: 12, skipped: 6 });
    expect(steps.filter(({ done }) => done > 0).map(({ done }) => done)).toEqual(
      Array.from({ length: 12 }, (_, i) => i + 1),
    );
  });

  test('may be one photo', async () => {
    await put('only.png', await plain(5));
    expect(await greys(await open())).toEqual([5]);
  });

  test('follows links to files and folders, each folder once, and is not caught in a loop', async () => {
    await put('b/1.png', await plain(1));
    await mkdir(join(root, 'elsewhere'));
    await writeFile(join(root, 'elsewhere/2.png'), await plain(2));
    await symlink('..', join(photos, 'b/up'));
    await symlink('.', join(photos, 'b/self'));
    await symlink(join(root, 'elsewhere'), join(photos, 'c'));
    await symlink(join(root, 'elsewhere'), join(photos, 'a'));
    await symlink(join(photos, 'b/1.png'), join(photos, 'd.png'));
    await symlink('nowhere', join(photos, 'dangling.png'));
    const dataset = await open();
    expect(dataset.skipped).toEqual([{ file: 'dangling.png', reason: 'unreadable: deleted, or a link to nothing' }]);
    expect(await greys(dataset)).toEqual([2, 1, 1]);
  });

  test.runIf(process.platform === 'linux')('reads files whose names are not UTF-8', async () => {
    const bytes = (name: string) => Buffer.from(`${photos}/${name}`, 'latin1');
    await mkdir(bytes('h\xfctte'));
    await writeFile(bytes('caf\xe9.png'), await plain(1));
    await writeFile(bytes('h\xfctte/\xff\xfe.png'), await plain(2));
    await put('h\u00fctte.png', await plain(3));
    await put('\u{1f436}.txt', 'no');
    const dataset = await open();
    expect(dataset.skipped.map(({ file }) => file)).toEqual(['\u{1f436}.txt']);
    expect((await greys(dataset)).toSorted()).toEqual([1, 2, 3]);
  });

  test('does not list the runs and searches of this program', async () => {
    await put('1.png', await plain(1));
    for (const [name, marker] of [
      ['runs/00000-x', 'config.json'],
      ['runs/00001-find-lr', 'find-lr.json'],
    ] as const) {
      await put(`${name}/${marker}`, '{}');
      await put(`${name}/fakes-000000.png`, await plain(2));
    }
    await put('runs/00000-x/checkpoints/0/state.json', '{}');
    await put('mine/config.json', '{}');
    await put('mine/2.png', await plain(3));
    expect(await greys(await open())).toEqual([1, 3]);
  });

  test('tells camera raw files by content and by name', async () => {
    const samples = { width: 24, height: 24, samples: new Uint8Array(3 * 24 * 24) };
    await put('1.png', await plain(1));
    await put('a.NEF', tiff(samples));
    await put('b.CR2', Buffer.from('II*\0\x10\0\0\0CR\x02\0', 'latin1'));
    await put('c.raf', Buffer.from('FUJIFILMCCD-RAW 0201'));
    await put('d.tif', tiff({ ...samples, tags: { 50706: 1 } }));
    const dataset = await open();
    expect(dataset.skipped.map(({ reason }) => reason)).toEqual(
      ['NEF', 'CR2', 'RAF', 'DNG'].map((kind) => `camera raw: ${kind}; export it as JPEG`),
    );
    expect(await greys(dataset)).toEqual([1]);
  });

  test('does not list its own cache', async () => {
    await put('1.png', await plain(1));
    const inside = { cacheDir: join(photos, 'cache') };
    await (await open(inside)).close();
    const decoded: number[] = [];
    const again = await open({ ...inside, onProgress: ({ done }) => decoded.push(done) });
    expect(Math.max(...decoded)).toBe(0);
    expect(again.skippedCounts).toEqual({});
    expect(await greys(again)).toEqual([1]);
  });

  test('keeps at most 1,000 skipped files in memory and all of them on disk', async () => {
    await put('photo.png', await plain(1));
    await Promise.all(Array.from({ length: 1100 }, (_, i) => put(`${i}.txt`, 'no')));
    const dataset = await open();
    await dataset.close();
    expect(dataset.skipped).toHaveLength(1000);
    expect(dataset.skippedCounts).toEqual({ 'not a supported image': 1100 });
    expect((await readFile(dataset.skippedList, 'utf8')).trim().split('\n')).toHaveLength(1100);
  });
});

describe('a zip', () => {
  test.each([true, false])('equals the folder it was made of (deflated: %s)', async (compress) => {
    const entries = await collection();
    for (const [name, contents] of entries) await put(name, contents);
    const file = await zip([['b/', ''], ...entries.toReversed()], compress);
    const folder = await open();
    const archive = await open({ path: file });
    expect(archive.name).toBe(folder.name);
    expect(archive.fingerprint).toBe(folder.fingerprint);
    expect(archive.skipped.map(({ file }) => file)).toEqual(folder.skipped.map(({ file }) => file));
    expect(archive.skippedCounts).toEqual(COLLECTION_SKIPPED);
    expect(await readAll(archive)).toEqual(await readAll(folder));
    await folder.close();
    await archive.close();
  });

  test('is not unpacked and not decoded twice', async () => {
    const file = await zip([['1.png', await plain(1)]]);
    await (await open({ path: file })).close();
    expect((await readdir(root)).toSorted()).toEqual(['cache', 'my dogs', 'my dogs.zip']);
    let steps = 0;
    expect(await greys(await open({ path: file, onProgress: () => steps++ }))).toEqual([1]);
    expect(steps).toBe(0);
  });

  test('is decoded again when it was replaced', async () => {
    await (await open({ path: await zip([['1.png', await plain(1)]]) })).close();
    expect(await greys(await open({ path: await zip([['1.png', await plain(2)]]) }))).toEqual([2]);
  });

  test('with a damaged photo gives the others', async () => {
    const file = await zip(
      [
        ['1.png', await plain(1)],
        ['2.png', await plain(2)],
        ['3.png', await plain(3)],
      ],
      false,
    );
    const bytes = await readFile(file);
    bytes[bytes.indexOf(await plain(2)) + 50]! ^= 1;
    await writeFile(file, bytes);
    const dataset = await open({ path: file });
    expect(dataset.skipped.map(({ file: name }) => name)).toEqual(['2.png']);
    expect(dataset.skippedCounts).toEqual({ broken: 1 });
    expect(await greys(dataset)).toEqual([1, 3]);
  });

  test('with an encrypted entry, or one that says it is huge, gives the others', async () => {
    const file = await zip([
      ['1.png', await plain(1)],
      ['2.png', await plain(2)],
      ['3.png', Buffer.concat([await plain(3), randomBytes(300_000)])],
    ]);
    const bytes = await readFile(file);
    const central = (name: string) => bytes.lastIndexOf(name) - 46;
    bytes[central('1.png') + 8]! |= 1; // general purpose bit 0: encrypted
    bytes.writeUInt32LE(0x7fffffff, central('3.png') + 24); // uncompressed size
    await writeFile(file, bytes);
    const dataset = await open({ path: file });
    expect(dataset.skipped.map(({ file: name }) => name)).toEqual(['1.png', '3.png']);
    expect(await greys(dataset)).toEqual([2]);
  });

  test('with large files that are no photos, anywhere in it, skips and names them as a folder does', async () => {
    const large: [string, Buffer][] = ['pdf', 'mp4', 'csv', 'heic'].map((name) => [
      name,
      Buffer.concat([Buffer.from(name), randomBytes(300_000)]),
    ]);
    const entries: [string, Buffer | string][] = [
      ['0.pdf', large[0]![1]],
      ['1.png', await plain(1)],
      ['2.mp4', large[1]![1]],
      ['3.png', await plain(3)],
      ['4.csv', 'a,b\n'.repeat(100_000)],
      ['5.heic', large[3]![1]],
      ['6.png', await plain(6)],
    ];
    for (const compress of [true, false]) {
      const dataset = await open({ path: await zip(entries, compress) });
      expect(dataset.skipped.map(({ file }) => file)).toEqual(['0.pdf', '2.mp4', '4.csv', '5.heic']);
      expect(dataset.skippedCounts).toEqual({ 'not a supported image': 4 });
      expect(await greys(dataset)).toEqual([1, 3, 6]);
    }
  });

  test('whose entry unpacks to more than it says skips it', async () => {
    const file = await zip([
      ['0.png', Buffer.concat([await plain(9), Buffer.alloc(1_000_000)])],
      ['1.png', await plain(1)],
    ]);
    const bytes = await readFile(file);
    bytes.writeUInt32LE(1000, bytes.lastIndexOf('0.png') - 46 + 24);
    await writeFile(file, bytes);
    const dataset = await open({ path: file });
    expect(dataset.skippedCounts).toEqual({ broken: 1 });
    expect(await greys(dataset)).toEqual([1]);
  });

  test('that is encrypted, or packed by another method, says so', async () => {
    for (const [at, value, reason] of [
      [8, 1, 'encrypted: unpack the zip with its password'],
      [10, 12, 'compressed by another method than deflate: unpack the zip, or pack it anew'],
    ] as const) {
      const file = await zip([
        ['1.png', await plain(1)],
        ['2.png', await plain(2)],
      ]);
      const bytes = await readFile(file);
      bytes[bytes.lastIndexOf('1.png') - 46 + at]! = value;
      await writeFile(file, bytes);
      const some = await open({ path: file });
      expect(some.skipped).toEqual([{ file: '1.png', reason }]);
      await some.close();
      bytes[bytes.lastIndexOf('2.png') - 46 + at]! = value;
      await writeFile(file, bytes);
      await expect(open({ path: file })).rejects.toThrow(`of 2 files, 2 ${reason.split(':')[0]}`);
    }
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['is a renamed rar', () => Buffer.concat([Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'), Buffer.alloc(200)])],
    ['is cut off', (bytes) => bytes.subarray(0, -30)],
    ['is longer than it says', (bytes) => Buffer.concat([bytes, Buffer.alloc(9)])],
  ])('that %s is named, without words of the format', async (_, change) => {
    const file = await zip([['1.png', await plain(1)]]);
    await writeFile(file, change(await readFile(file)));
    await expect(open({ path: file })).rejects.toThrow(
      `${file} cannot be read as a zip: it is damaged or cut off, or another kind of archive, such as rar or 7z; give a folder`,
    );
  });

  test('that comes after a program in the same file is explained', async () => {
    const file = await zip([['1.png', await plain(1)]]);
    await writeFile(file, Buffer.concat([Buffer.alloc(1000, 'MZ'), await readFile(file)]));
    await expect(open({ path: file })).rejects.toThrow(/something lies before the zip .*; give a folder/);
  });

  test('whose names point outside writes nothing there', async () => {
    const file = await zip([['aa/1.png', await plain(1)]]);
    const bytes = await readFile(file);
    await writeFile(file, Buffer.from(bytes.toString('latin1').replaceAll('aa/1.png', '../1.png'), 'latin1'));
    expect(await greys(await open({ path: file }))).toEqual([1]);
    expect(await readdir(root)).not.toContain('1.png');
  });

  test.each([
    ['text', async (file: string) => writeFile(file, 'no zip at all, only text in a file of that name')],
    ['nothing', async (file: string) => writeFile(file, '')],
    ['the first half of one', async (file: string) => truncate(file, (await stat(file)).size >> 1)],
  ])("that is %s is the user's mistake", async (_, spoil) => {
    const file = await zip([['1.png', await plain(1)]]);
    await spoil(file);
    await expect(open({ path: file })).rejects.toThrow(/[^.]; give a folder/);
    await expect(open({ path: file })).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(file),
    });
  });
});

describe('the cache', () => {
  /** Whether opening decoded anything. */
  async function decodes(options: Partial<PhotoOptions> = {}): Promise<boolean> {
    let most = 0;
    const dataset = await open({ ...options, onProgress: ({ done }) => (most = Math.max(most, done)) });
    await dataset.close();
    return most > 0;
  }

  beforeEach(async () => {
    for (let i = 0; i < 5; i++) await put(`${i}.png`, await plain(10 * i));
    await put('broken.png', (await plain(3)).subarray(0, 60));
    expect(await decodes()).toBe(true);
  });

  test('serves unchanged photos without decoding, the skipped files included', async () => {
    expect(await decodes()).toBe(false);
    const dataset = await open();
    expect(dataset.skipped.map(({ file }) => file)).toEqual(['broken.png']);
    expect(await greys(dataset)).toEqual([0, 10, 20, 30, 40]);
  });

  test.each<[string, () => Promise<void>]>([
    ['added', async () => put('0a.png', await plain(99))],
    ['removed', () => rm(join(photos, '1.png'))],
    ['renamed', () => rename(join(photos, '1.png'), join(photos, '7.png'))],
    ['changed', async () => put('1.png', await plain(99))],
    ['longer by a byte', () => appendFile(join(photos, '1.png'), ' ')],
  ])('notices that a photo was %s', async (_, change) => {
    const before = await open();
    await before.close();
    await change();
    expect(await decodes()).toBe(true);
    const after = await open();
    await after.close();
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });

  test('notices other contents of the same size with the old date put back', async () => {
    const file = join(photos, '1.png');
    await utimes(file, 1_000_000_000, 1_000_000_000);
    expect(await greys(await open())).toEqual([0, 10, 20, 30, 40]);
    const before = await stat(file);
    await writeFile(file, await plain(11));
    await utimes(file, 1_000_000_000, 1_000_000_000);
    const after = await stat(file);
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
    expect(await greys(await open())).toEqual([0, 11, 20, 30, 40]);
  });

  test.each<Partial<PhotoOptions>>([{ size: 24 }, { photoSize: 20 }, { crop: 'attention' }])(
    'keeps %o apart',
    async (other) => {
      const before = await open();
      expect(await decodes(other)).toBe(true);
      const after = await open(other);
      expect(after.fingerprint).not.toBe(before.fingerprint);
      expect(await decodes()).toBe(false);
      await before.close();
      await after.close();
    },
  );

  test('of another crop is not taken for that of --crop face, which finds no face in these', async () => {
    await (await open()).close();
    await expect(open({ crop: 'face' })).rejects.toThrow(
      /^no dog's face was found in .*my dogs: of 6 files, 5 no face found, 1 broken; use --crop attention or --crop center instead$/,
    );
  });

  test('is made again where a file of it is cut short, lengthened, altered, gone or no such file', async () => {
    const file = join(cacheDir, (await readdir(cacheDir)).find((name) => name.endsWith('.dogs'))!);
    const skips = file.replace('.dogs', '.skipped.jsonl');
    for (const spoil of [
      () => truncate(file, 5000),
      () => truncate(file, 100),
      () => appendFile(file, 'x'),
      () => writeFile(file, 'hello'),
      () => flipBit(file, 4096 + 1000),
      () => writeFile(skips, 'garbage'),
      () => writeFile(skips, ''),
      () => writeFile(skips, '{"file":1}\n'),
      () => rm(skips),
    ]) {
      await spoil();
      expect(await decodes()).toBe(true);
      const dataset = await open();
      expect(dataset.skipped.map(({ file }) => file)).toEqual(['broken.png']);
      expect(await greys(dataset)).toEqual([0, 10, 20, 30, 40]);
      expect(await decodes()).toBe(false);
    }
  });

  async function flipBit(file: string, at: number): Promise<void> {
    const bytes = await readFile(file);
    bytes[at]! ^= 1;
    await writeFile(file, bytes);
  }

  test('the fingerprint is of the contents: another folder with the same photos has the same', async () => {
    const before = await open();
    await before.close();
    await rename(photos, join(root, 'moved'));
    const after = await open({ path: join(root, 'moved') });
    await after.close();
    expect(after.fingerprint).toBe(before.fingerprint);
  });

  test('the fingerprint is the same in all versions, so that old runs can be resumed', async () => {
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAMAAAAoLQ9TAAAAA1BMVEXIWh6CnXKfAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADklEQVQYlWNgGAUMSAAAARAAAVGhZwQAAAAASUVORK5CYII=',
      'base64',
    );
    const path = join(root, 'fixed');
    await mkdir(path);
    await writeFile(join(path, 'a.png'), png);
    await writeFile(join(path, 'b.png'), Buffer.concat([png, Buffer.from('x')]));
    const dataset = await open({ path });
    await dataset.close();
    expect(dataset.fingerprint).toBe('e94671ed7facf176bc99e97383f3d09882bb8e673e11736bf79895c52ac71540');
  });

  test('a file of the first format, whose pixels lie channel by channel, is replaced', async () => {
    const file = join(cacheDir, (await readdir(cacheDir)).find((name) => name.endsWith('.dogs'))!);
    const before = await open();
    await before.close();
    const bytes = await readFile(file);
    expect(bytes.toString('latin1', 0, 60)).toContain('latent-dogs-records-3');
    bytes.write(bytes.toString('latin1', 0, 60).replace('records-3', 'records-1'), 'latin1');
    bytes.fill(99, 4096);
    await writeFile(file, bytes);
    const after = await open();
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(await greys(after)).toEqual([0, 10, 20, 30, 40]);
    const caches = (await readdir(cacheDir)).filter((name) => name.endsWith('.dogs'));
    expect(caches.map((name) => join(cacheDir, name))).toEqual([file]);
  });

  test("two at once in one process do not get into each other's way", async () => {
    await rm(cacheDir, { recursive: true });
    const both = await Promise.all([open(), open()]);
    for (const dataset of both) expect(await greys(dataset)).toEqual([0, 10, 20, 30, 40]);
    expect((await readdir(cacheDir)).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

test('pictures that are equal to others are counted, also in files that differ', async () => {
  await put('a.png', await plain(1));
  await put('b.png', await plain(1));
  await put('c.bmp', await plain(2));
  await put(
    'd.webp',
    await sharp(await plain(1))
      .webp({ lossless: true })
      .toBuffer(),
  );
  for (let i = 0; i < 2; i++) {
    const dataset = await open();
    expect([dataset.count, dataset.distinct]).toEqual([4, 2]);
    await dataset.close();
  }
});

describe('reading', () => {
  test('any indices in any order, repeated ones too', async () => {
    for (let i = 0; i < 5; i++) await put(`${i}.png`, await plain(10 * i));
    const dataset = await open();
    const images = await readAll(dataset, [4, 0, 4, 2]);
    const area = 3 * 16 * 16;
    expect([0, 1, 2, 3].map((i) => new Set(images.subarray(i * area, (i + 1) * area)))).toEqual(
      [40, 0, 40, 20].map((grey) => new Set([grey])),
    );
    await dataset.read(Uint32Array.of(), new Uint8Array(0));
    for (const index of [-1, 5, 0.5, Number.NaN]) {
      await expect(dataset.read([index], new Uint8Array(area))).rejects.toThrow(RangeError);
    }
    await expect(dataset.read([0, 1], new Uint8Array(area))).rejects.toThrow(RangeError);
    await dataset.close();
  });
});

describe('mistakes are explained', () => {
  const mistake = (...parts: string[]) => ({
    name: 'UserError',
    message: expect.stringMatching(new RegExp(parts.map((part) => part.replaceAll(/[.()]/g, '\\$&')).join('.*'))),
  });

  test('a path that does not exist', async () => {
    await expect(open({ path: join(root, 'nope') })).rejects.toMatchObject(
      mistake(join(root, 'nope'), 'does not exist', '.zip'),
    );
  });

  test('a single file', async () => {
    await put('1.png', await plain(1));
    await expect(open({ path: join(photos, '1.png') })).rejects.toMatchObject(
      mistake('1.png', 'neither', 'JPEG, PNG, WebP, AVIF, HEIC, GIF'),
    );
  });

  test('an empty folder', async () => {
    await expect(open()).rejects.toMatchObject(mistake('no usable photo', photos, 'no files'));
  });

  test('a folder without one usable photo', async () => {
    await put('a.txt', 'no');
    await put('b.txt', 'no');
    await put('c.png', (await plain(1)).subarray(0, 60));
    await expect(open()).rejects.toMatchObject(
      mistake(photos, '3 files', '2 not a supported image', '1 broken', 'JPEG, PNG, WebP, AVIF, HEIC, GIF'),
    );
    expect(await readdir(cacheDir)).toEqual([]);
  });

  test('a cache folder that is a file', async () => {
    await put('1.png', await plain(1));
    await writeFile(cacheDir, '');
    await expect(open()).rejects.toMatchObject(mistake(cacheDir, 'file of that name'));
  });
});
