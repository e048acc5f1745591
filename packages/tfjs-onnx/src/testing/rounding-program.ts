import protobuf from 'onnx-proto';
import { usedInputs } from '../graph/graph.ts';
import { ELEMENT_TYPES } from '../graph/types.ts';
import { encodeOnnx } from '../onnx-model.ts';
import { type CompileOptions, compile, Program, type Step } from '../runtime/program.ts';
import { ProgramState } from '../runtime/program-state.ts';

const { onnx } = protobuf;

/**
 * Compiles a step so that the CPU provider rounds as a graphics card does: operands and results of float16 products.
 *
 * The provider has no such products. It casts their operands back to float32 and removes that cast together with the one in
 * the graph, so nothing would be rounded. An Identity between the two casts prevents that. Sums are float32.
 */
export async function compileRounding(step: Step, options: CompileOptions): Promise<Program> {
  const state = options.state ?? new ProgramState({}, {}, options);
  const cancelled = await compile(step, options);
  await cancelled.dispose();
  const { graph } = cancelled;
  const model = onnx.ModelProto.decode(encodeOnnx({ ...graph, inputs: usedInputs(graph) }));
  const nodes = model.graph!.node!;
  model.graph!.node = nodes.flatMap((node) => {
    const to = node.attribute!.find(({ name }) => name === 'to')?.i;
    if (node.opType !== 'Cast') return [node];
    const kept = `${node.output![0]}_kept`;
    const identity = { opType: 'Identity', input: [kept], output: [kept] };
    if (Number(to) === ELEMENT_TYPES.float16) {
      identity.output = node.output!;
      node.output = [kept];
      return [node, identity];
    }
    identity.input = node.input!;
    node.input = [kept];
    return [identity, node];
  }) as typeof nodes;
  const bytes = onnx.ModelProto.encode(model).finish();
  const session = await state.runtime.InferenceSession.create(bytes, {
    graphOptimizationLevel: 'disabled',
    logSeverityLevel: 3,
  });
  return new Program(graph, session, options, { state, variables: cancelled.variables, random: [] });
}
