import { expect, test, vi } from 'vitest';
import { Previews } from './previews.ts';

/** Previews of a device that takes `cost` milliseconds for a portion. */
function previewsOn(cost: number) {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const shown: string[] = [];
  const latents = new Map<string, Float32Array>();
  let latest = new Float32Array();
  const previews = new Previews({ seed: 1, latent: 4 }, (kind, from) => {
    shown.push(`${kind} ${from}`);
    latents.set(`${kind} ${from}`, latest);
  });
  const sample = async (z: Float32Array) => {
    latest = Float32Array.from(z);
    now += cost;
    return z;
  };
  /** What is shown if the page asks at this time, and when it was done. */
  const at = async (time: number, faces = 64) => {
    now = time;
    shown.length = 0;
    await previews.maybe(sample, faces);
    return { shown: [...shown], done: now };
  };
  return { at, latents };
}

const ALL = [0, 16, 32, 48].flatMap((from) => [`faces ${from}`, `morph ${from}`]);

test('all pictures are shown at first, and every second where they are cheap', async () => {
  const { at, latents } = previewsOn(1);
  expect((await at(0)).shown).toEqual(ALL);
  expect((await at(999)).shown).toEqual([]);
  expect((await at(1_000)).shown).toEqual(ALL);
  expect([...latents.values()].map(({ length }) => length)).toEqual(ALL.map(() => 16 * 4));
  expect(new Set([...latents.values()].map(String)).size).toBe(8);
});

test('where they are not, they take turns, and a twentieth of the time', async () => {
  const { at } = previewsOn(30);
  expect((await at(0)).shown).toEqual(ALL);
  // 240 ms have been spent.
  expect((await at(4_799)).shown).toEqual([]);
  expect((await at(4_800)).shown).toEqual(['faces 0']);
  expect((await at(5_799)).shown).toEqual([]);
  expect((await at(5_800)).shown).toEqual(['morph 0']);
  expect((await at(6_800)).shown).toEqual(['faces 16']);
  const slow = previewsOn(400);
  await slow.at(0);
  expect((await slow.at(64_000)).shown).toHaveLength(1);
  expect((await slow.at(71_999)).shown).toEqual([]);
  expect((await slow.at(72_000)).shown).toHaveLength(1);
});

test('a phone, which shows 16 faces, makes only these, as often as the walk', async () => {
  const { at } = previewsOn(1);
  const wanted = [0, 16, 32, 48].flatMap((from) => ['faces 0', `morph ${from}`]);
  expect((await at(0, 16)).shown).toEqual(wanted);
  expect((await at(1_000, 16)).shown).toEqual(wanted);
});

test('a phone that is turned shows all faces at once, however slow it is', async () => {
  const { at } = previewsOn(400);
  await at(0, 16);
  expect((await at(64_000, 16)).shown).toHaveLength(1);
  expect((await at(72_000, 64)).shown).toEqual(ALL);
});
