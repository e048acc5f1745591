/** @module The results of a run as a table in Markdown. */
import * as tf from '@tensorflow/tfjs-core';
import { loweringTable } from '../src/kernels/table.ts';
import type { SpecResult } from './suite-report.ts';

/** Why a failing spec is no fault of a lowering, by the start of its name without the name of the backend. */
const EXPLAINED: Readonly<Record<string, string>> = {
  'avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit':
    'TF.js divides by the whole window at the border; the lowering by the pixels under it, which is the gradient',
  'exp int32': 'expects more digits than float32 has',
  'tan numbers exceed float32 precision': 'differs in the last bit of float32',
  'gather throws when index is out of bound':
    'indices are known when the graph runs; ONNX counts negative ones from the end',
  'maxPoolWithArgmax [x=[1,3,3,1] f=[2,2] s=1 ignores NaNs': 'ONNX Runtime gives NaN where the window has one',
};

/** Why kernels have no lowering. */
const ABSENT: readonly (readonly [RegExp, string])[] = [
  [/^(String|StaticRegex)/, 'strings: ONNX Runtime has few operators on them'],
  [/^Ragged|^Sparse|^Unique$/, 'the shape of the result depends on values'],
  [/^NonMaxSuppression/, 'the shape of the result depends on values; NonMaxSuppressionV4 with padding is lowered'],
  [/^(Draw|FromPixels)$/, 'reads or writes a canvas'],
  [/^Multinomial$/, 'draws random numbers'],
  [
    /^(Pool|MatrixBandPart|BroadcastArgs)$/,
    'TF.js composes it of other kernels, or calls it on shapes, which are constants',
  ],
  [/^BitwiseAnd$/, 'ONNX has it from opset 18 on'],
  [/^(Transform|Dilation2DBackprop\w+)$/, 'not written yet'],
];

interface Row {
  passed: number;
  failed: number;
  refused: Map<string, number>;
}

/** The Markdown file and one line that sums it up. */
export function conformanceTable(specs: readonly SpecResult[]): { markdown: string; summary: string } {
  const rows = new Map<string, Row>();
  const failures: string[] = [];
  let applicable = 0;
  for (const { name, status, calls, message } of specs) {
    if (calls.length === 0 || status === 'pending' || status === 'excluded') continue;
    const onnx = new Set(calls.filter(({ refused }) => !refused).map(({ kernel }) => kernel));
    for (const { kernel, refused } of calls) {
      const row = rows.get(kernel) ?? { passed: 0, failed: 0, refused: new Map() };
      rows.set(kernel, row);
      if (refused && refused !== 'no lowering') {
        const reason = refused.split('\n')[0]!.replaceAll('|', '/').slice(0, 160);
        row.refused.set(reason, (row.refused.get(reason) ?? 0) + 1);
      }
    }
    if (onnx.size === 0) continue;
    applicable++;
    for (const kernel of onnx) rows.get(kernel)![status === 'passed' ? 'passed' : 'failed']++;
    if (status === 'failed') {
      const short = name.replace(/ one-operator \{\}/, '');
      failures.push(`- ${short}: ${EXPLAINED[short] ?? message?.split('\n')[0]}`);
    }
  }
  const kernels = Object.values(tf).filter((name) => typeof name === 'string' && /^_?[A-Z]\w+$/.test(name)) as string[];
  const absent = kernels.filter((kernel) => !(kernel in loweringTable));
  const lowered = Object.keys(loweringTable).length;
  const passed = applicable - failures.length;
  const summary = `${lowered} of ${kernels.length} kernels are lowered; ${passed} of ${applicable} specs that call one pass, ${failures.length} fail`;
  const line = (kernel: string) => {
    const { passed: good = 0, failed: bad = 0, refused } = rows.get(kernel) ?? {};
    const reasons = [...(refused ?? [])].map(([reason, count]) => `${count}: ${reason}`).join('; ');
    return `| ${kernel} | ${good} | ${bad} | ${reasons} |`;
  };
  const why = (kernel: string) => ABSENT.find(([pattern]) => pattern.test(kernel))?.[1] ?? 'not written yet';
  const markdown = `# Conformance

Written by \`pnpm --filter tfjs-onnx conformance\`, not by hand. TensorFlow.js's own specs (\`@tensorflow/tfjs-core/dist/**/*_test.js\`, ${tf.version_core})
run on a backend that compiles each kernel call as an ONNX graph of its own and runs it on onnxruntime-node. Calls that a lowering refuses, and kernels
without one, run on TF.js's cpu backend and are counted apart.

${summary}.

## Specs that fail

${failures.join('\n')}

## Kernels

Specs that call the kernel, and calls that its lowering refused.

| kernel | specs passed | failed | calls refused |
|---|--:|--:|---|
${Object.keys(loweringTable).sort().map(line).join('\n')}

## Kernels without a lowering

A model may still contain them where they depend on constants alone: such kernels are computed while the model is traced.

| kernel | why |
|---|---|
${absent
  .sort()
  .map((kernel) => `| ${kernel} | ${why(kernel)} |`)
  .join('\n')}
`;
  return { markdown, summary };
}
