import { expect, test } from 'vitest';
import { parseIndex, purposeOf } from './labelled-photos.ts';

const HEAD = 'file,subset,source,x,y,w,h,size,source_resolution,score';

test('a row gives the centre and side of a face in shares, and the proportions in which its box is a square', () => {
  const rows = parseIndex(`${HEAD}\na.jpg,kaggle,kaggle-native:dog.12.jpg,100,50,80,40,40,400x100,9\n`, 'index.csv');
  expect(rows).toEqual([
    // 0.2 of the width and 0.4 of the height are one length, so that the photo is twice as wide as high.
    { number: 12, face: { x: 140 / 400, y: 70 / 100, side: Math.sqrt(0.2 * 0.4) }, aspect: 2 },
  ]);
});

test('rows of other photos are left out', () => {
  const text = `${HEAD}\na.jpg,stanford,n02085620_7.jpg,1,1,5,5,5,10x10,9\nb.jpg,kaggle,x:dog.3.jpg,1,1,5,5,5,10x10,9`;
  expect(parseIndex(text, 'index.csv').map(({ number }) => number)).toEqual([3]);
});

test.each([
  ['source,x,y,w\n', '--index: index.csv has no column h, source_resolution'],
  [`${HEAD}\na,b,dog.1.jpg,1,1,0,5,5,10x10,9`, '--index: line 2 of index.csv is not a box in a photo: '],
  [`${HEAD}\na,b,dog.1.jpg,1,1,5,5,5,10,9`, '--index: line 2 of index.csv is not a box in a photo: '],
])('%j is refused', (text, message) => {
  expect(() => parseIndex(text, 'index.csv')).toThrow(message);
});

test('of 1,000 photos a tenth is for the test and a twentieth for the threshold', () => {
  const count = (purpose: string) =>
    Array.from({ length: 1000 }, (_, n) => purposeOf(n)).filter((one) => one === purpose);
  expect([count('test').length, count('threshold').length, count('training').length]).toEqual([100, 50, 850]);
});
