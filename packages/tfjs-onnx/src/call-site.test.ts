import { expect, test } from 'vitest';
import { callSite, locationOf } from './call-site.ts';

test.each([
  ['V8, in a function', '    at step (file:///home/ann/my%20work/step.ts:3:15)', '/home/ann/my work/step.ts:3:15'],
  ['V8, at the top level', '    at file:///home/ann/step.ts:3:15', '/home/ann/step.ts:3:15'],
  ['V8, a path', '    at async Object.run (/home/ann/step.ts:3:15)', '/home/ann/step.ts:3:15'],
  ['V8, a method by another name', '    at Proxy.run [as step] (/home/ann/step.ts:3:15)', '/home/ann/step.ts:3:15'],
  ['V8, a path with brackets', '    at step (/home/ann (work)/step.ts:3:15)', '/home/ann (work)/step.ts:3:15'],
  ['V8, on Windows', '    at step (file:///C:/Users/ann/step.ts:3:15)', 'C:/Users/ann/step.ts:3:15'],
  ['V8, in a browser', '    at step (http://localhost:5173/step.js:3:15)', 'http://localhost:5173/step.js:3:15'],
  ['Firefox', 'step@http://localhost:5173/step.js:3:15', 'http://localhost:5173/step.js:3:15'],
  ['Safari, without a name', '@http://localhost:5173/step.js:3:15', 'http://localhost:5173/step.js:3:15'],
  ['no location', '    at <anonymous>', undefined],
])('the location in a stack frame of %s', (_engine, frame, location) => {
  expect(locationOf(frame)).toBe(location);
});

test('the call site is the line of the caller outside this package', () => {
  expect(callSite()).toMatch(/call-site\.test\.ts:\d+:\d+$/);
});
