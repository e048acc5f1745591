import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ko } from './ko.ts';

const MODELS = new URL('../../../../models/', import.meta.url);

test.each(['dogs-64', 'dogs-128'])('the names of the dials of %s are translated', async (model) => {
  const { directions } = JSON.parse(await readFile(new URL(`${model}/model.json`, MODELS), 'utf8')) as {
    directions: { name?: string }[];
  };
  const ends = directions.flatMap(({ name }) => name?.split(' … ') ?? []);
  expect(ends.length).toBeGreaterThan(0);
  expect(ends.filter((end) => ko.directionEnds[end] === undefined)).toEqual([]);
});
