import { canBreed, childLabel } from '@latent-dogs/latent';
import { expect, test } from 'vitest';
import { dogLatent } from './picture-latent.ts';
import { decodePicture, digestInLink, encodePicture } from './picture-link.ts';
import { EMPTY_PICTURE, type PictureState } from './picture-state.ts';

const pictures: readonly PictureState[] = [
  EMPTY_PICTURE,
  { ...EMPTY_PICTURE, dogs: ['luna', '42'], position: 0.375, model: 'dogs-64' },
  { ...EMPTY_PICTURE, dogs: ['a,b', 'c&d=e', '100%', '루나', '🐶 '.trim()], position: 4.999, truncation: 0.05 },
  { ...EMPTY_PICTURE, dogs: ['1', '2', '3', '4'], view: 'mix', pad: { x: 0, y: 0.333 }, dials: [0, -3, 1.5] },
];

test.each(pictures)('a link says exactly what is shown: %o', (picture) => {
  expect(decodePicture(encodePicture(picture))).toEqual(picture);
  expect(encodePicture(picture)).toMatch(/^[\w=&,.%()!~*'-]*$/);
});

test('the legal parts of an edited link are used, within their limits', () => {
  expect(decodePicture('#dogs=7,,%E0%A4%A,7,rex&at=9&psi=-3&dials=99,x,1&mix=&unknown=1&model=')).toEqual({
    ...EMPTY_PICTURE,
    dogs: ['7', 'rex'],
    position: 1,
    truncation: 0,
    dials: [3, 0, 1],
  });
  expect(decodePicture(`dogs=${Array.from({ length: 99 }, (_, i) => i).join(',')}`).dogs.length).toBe(12);
  expect(decodePicture('dogs=1&at=NaN&psi=Infinity').position).toBe(0);
});

test('a link names the model by its digest, too; links without it keep working', () => {
  const picture = { ...EMPTY_PICTURE, dogs: ['luna'], model: 'dogs-64' };
  const link = encodePicture(picture, '768cb01a1bcaa4b0e7114406588ea20c');
  expect(link).toBe('dogs=luna&model=dogs-64~768cb01a');
  expect(decodePicture(link)).toEqual(picture);
  expect(digestInLink(`#${link}`)).toBe('768cb01a');
  for (const other of ['dogs=luna&model=dogs-64', 'dogs=luna', 'model=dogs-64~', 'model=dogs-64~xyz1', 'model=a~12'])
    expect(digestInLink(other)).toBe(null);
});

test('a link holds a puppy and its children, up to the length of a label', () => {
  let label = 'Anna';
  while (canBreed(label, 'Ben')) label = childLabel(label, 'Ben', 4);
  expect(label.length).toBeGreaterThan(60);
  const picture = { ...EMPTY_PICTURE, dogs: [label, 'Ben'] };
  expect(decodePicture(encodePicture(picture))).toEqual(picture);
  expect(dogLatent(label, 40).every(Number.isFinite)).toBe(true);
});
