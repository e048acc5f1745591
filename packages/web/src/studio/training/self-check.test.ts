// @module-tag slow
import * as runtime from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { checkedLosses, EXPECTED, selfCheck } from './self-check.ts';

test('the expected losses are those of onnxruntime-node', async () => {
  const losses = await checkedLosses({ runtime });
  for (const [i, loss] of losses.entries()) expect(loss).toBeCloseTo(EXPECTED[i]!, 3);
});

test('a device that computes something else is found out', async () => {
  const { Tensor, InferenceSession } = runtime;
  const wrong = {
    Tensor,
    InferenceSession: {
      create: async (...args: Parameters<typeof InferenceSession.create>) => {
        const session = await InferenceSession.create(...args);
        const run = session.run.bind(session);
        session.run = async (feeds: never) => {
          const outputs = await run(feeds);
          for (const tensor of Object.values(outputs))
            if (tensor.type === 'float32') for (const i of tensor.data.keys()) (tensor.data as Float32Array)[i]! *= 1.1;
          return outputs;
        };
        return session;
      },
    },
  } as unknown as typeof runtime;
  await expect(selfCheck({ runtime: wrong })).rejects.toThrow(/it computes losses/);
});
