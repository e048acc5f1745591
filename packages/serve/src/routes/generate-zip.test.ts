import { strFromU8, unzipSync } from 'fflate';
import { expect, test, vi } from 'vitest';
import { createGenerator } from '../generator.ts';
import { Problem } from '../http/problem.ts';
import { tinyServer } from '../testing/tiny-server.ts';
import { IMMEDIATE_WORK } from '../work/work.ts';

const { get, made, manifest } = await tinyServer();

const filesOf = async (query: string) => {
  const response = await get(`/generate.zip?${query}`);
  expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'application/zip']);
  return unzipSync(new Uint8Array(await response.arrayBuffer()));
};

test('each file is the picture of its seed, and dogs.json says which', async () => {
  for (const [format, extension] of [
    ['png', 'png'],
    ['jpeg', 'jpg'],
  ]) {
    const look = `truncation=0.5&size=100&dials=1&format=${format}`;
    const files = await filesOf(`seeds=5-6,luna&${look}`);
    const names = ['dog-5', 'dog-6', 'dog-luna'].map((name) => `${name}.${extension}`);
    expect(Object.keys(files)).toEqual(['dogs.json', ...names]);
    for (const [index, seed] of ['5', '6', 'luna'].entries()) {
      const single = await (await get(`/generate?seed=${seed}&${look}`)).arrayBuffer();
      expect(Buffer.from(files[names[index]!]!).equals(Buffer.from(single))).toBe(true);
    }
    expect(JSON.parse(strFromU8(files['dogs.json']!))).toEqual({
      model: { name: 'tiny', sha256: manifest.generator.sha256 },
      truncation: 0.5,
      dials: [1],
      size: 100,
      dogs: [
        { file: names[0], name: '5', seed: 5 },
        { file: names[1], name: '6', seed: 6 },
        { file: names[2], name: 'luna', seed: 84098439 },
      ],
    });
  }
});

test('file names are distinct on every system, and lead nowhere else', async () => {
  const seeds = ['Luna', 'luna', 'luna', 'a b', 'a_b', '../../etc/passwd', 'C:\\x', '루나'].map(encodeURIComponent);
  const names = Object.keys(await filesOf(`seeds=${seeds}`));
  expect(names).toEqual([
    'dogs.json',
    'dog-Luna.png',
    'dog-luna-2.png',
    'dog-luna-3.png',
    'dog-a_b.png',
    'dog-a_b-2.png',
    'dog-etc_passwd.png',
    'dog-C_x.png',
    'dog-루나.png',
  ]);
});

test('the same query gives the same bytes; 304 and HEAD make no picture', async () => {
  const answers = await Promise.all(['1-3', '1,2,3'].map((seeds) => get(`/generate.zip?seeds=${seeds}`)));
  const [a, b] = await Promise.all(answers.map(async (answer) => Buffer.from(await answer.arrayBuffer())));
  expect(a!.equals(b!)).toBe(true);
  const tag = answers[0]!.headers.get('ETag')!;
  expect(answers[1]!.headers.get('ETag')).toBe(tag);
  expect(answers[0]!.headers.get('Content-Disposition')).toBe('inline; filename="dogs-3.zip"');
  const before = made.pictures;
  const head = await get('/generate.zip?seeds=1-3&download=1', { method: 'HEAD' });
  expect([head.status, head.headers.get('ETag'), await head.text()]).toEqual([200, tag, '']);
  expect(head.headers.get('Content-Disposition')).toBe('attachment; filename="dogs-3.zip"');
  expect((await get('/generate.zip?seeds=1-3', { headers: { 'If-None-Match': tag } })).status).toBe(304);
  expect(made.pictures).toBe(before);
});

test.each([
  ['', 'seeds'],
  ['seeds=', 'seeds'],
  ['seeds=0-64', 'seeds'],
  ['seeds=0-4294967295', 'seeds'],
  ['seeds=0-63&size=257', 'size'],
  ['seeds=1&format=auto', 'format'],
  ['seeds=1&format=json', 'format'],
])('%s is rejected because of %s', async (query, parameter) => {
  const response = await get(`/generate.zip?${query}`);
  expect(response.status).toBe(400);
  const { errors } = (await response.json()) as { errors: { parameter: string }[] };
  expect(errors.map((error) => error.parameter)).toEqual([parameter]);
});

test('its cost is that of all its dogs, taken before the first', async () => {
  const costs: number[] = [];
  const limited = await tinyServer({
    beginWork: async (_, cost) => {
      costs.push(cost);
      if (cost > 10) throw new Problem('too-many-requests', 'Later.', { headers: { 'Retry-After': '60' } });
      return IMMEDIATE_WORK;
    },
  });
  expect((await limited.get('/generate.zip?seeds=0-63&size=256')).status).toBe(429);
  expect((await limited.get('/grid.json?seeds=0-63')).status).toBe(200);
  expect(costs).toEqual([76, 0]);
  expect(limited.made.pictures).toBe(0);
});

test('a picture that fails is a problem, not half an archive', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  let runs = 0;
  const generator = createGenerator(manifest, async () => async () => {
    if (++runs === 2) throw new Error('broken');
    return new Uint8Array(4 * 64 * 64).fill(255);
  });
  const response = await (await tinyServer({ generator })).get('/generate.zip?seeds=1-3');
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ type: '/docs#internal-error' });
});
