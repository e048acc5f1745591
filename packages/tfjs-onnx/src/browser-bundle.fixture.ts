import { encodeOnnx, type Graph, trace } from './index.ts';
import { smallGan } from './testing/training-step.ts';

/** A training step with its gradients. */
function stepGraph(): Graph {
  const { specs, inputs, step } = smallGan();
  return trace(
    (tensors) => {
      const { state = {}, outputs } = step(tensors, tensors);
      const next = Object.entries(state).map(([name, tensor]) => [`next/${name}`, tensor]);
      return { ...Object.fromEntries(next), ...outputs };
    },
    { ...specs, ...inputs },
  );
}

/** The step as an ONNX file. */
export const onnx = encodeOnnx(stepGraph());
