import { expect, test } from 'vitest';
import { decodePicture } from './picture-link.ts';
import { EMPTY_PICTURE, type PictureState } from './picture-state.ts';
import { encodeStage, playsFrom } from './stage-link.ts';

const walk: PictureState = { ...EMPTY_PICTURE, dogs: ['Anna', 'Ben'], position: 0.5, dials: [1], truncation: 0.7 };

test('the link to a playing walk has everything but the position, and opens playing', () => {
  const link = encodeStage(walk, true);
  expect(link).toBe('dogs=Anna,Ben&psi=0.7&dials=1');
  expect(playsFrom(link)).toBe(true);
  expect(decodePicture(link)).toEqual({ ...walk, position: 0 });
});

test.each([0, 0.5, 1])('the link to a walk that rests at %d opens at rest, there', (position) => {
  const link = encodeStage({ ...walk, position }, false);
  expect(playsFrom(`#${link}`)).toBe(false);
  expect(decodePicture(link).position).toBe(position);
});

test('a mixture at rest keeps its point; one in orbit opens in orbit', () => {
  const mix: PictureState = { ...walk, view: 'mix', pad: { x: 0.25, y: 1 } };
  expect(playsFrom(encodeStage(mix, false))).toBe(false);
  expect(decodePicture(encodeStage(mix, false)).pad).toEqual(mix.pad);
  expect(playsFrom(encodeStage(mix, true))).toBe(true);
  expect(decodePicture(encodeStage(mix, true)).view).toBe('mix');
});

test('a single dog has a plain link', () => {
  expect(encodeStage({ ...EMPTY_PICTURE, dogs: ['Anna'] }, false)).toBe('dogs=Anna');
});
