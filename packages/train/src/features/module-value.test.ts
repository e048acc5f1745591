import { expect, test } from 'vitest';
import { moduleValue } from './module-value.ts';

const wrapped = (literal: string) =>
  `!function(e){module.exports=e()}(function(){var r=n[_]={exports:{}};return{1:[function(e,a,n){a.exports=${literal}},{}]}});`;

test.each<[string, unknown]>([
  ['"AQID"', 'AQID'],
  ['{a:1,b_2:[.5,-.25,1e3,-0,2.5e-7,-1e-3,5.e2]}', { a: 1, b_2: [0.5, -0.25, 1000, -0, 2.5e-7, -1e-3, 500] }],
  ['{a:!0,b:!1,c:null,d:void 0,e:true}', { a: true, b: false, c: null, d: null, e: true }],
  ['{"a-b":{$c:[]},d:"x:!0,{.5}\\"]"}', { 'a-b': { $c: [] }, d: 'x:!0,{.5}"]' }],
])('reads %s', (literal, value) => {
  expect(moduleValue(wrapped(literal))).toEqual(value);
});

test('a module that exports nothing of the kind is refused', () => {
  expect(() => moduleValue('export default {};')).toThrow('exports no object and no text');
  expect(() => moduleValue(wrapped('{a:fetch("https://example.com")}'))).toThrow('exports more than values: fetch(');
  expect(() => moduleValue(wrapped('{a:1').slice(0, -20))).toThrow();
});
