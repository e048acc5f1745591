import { NormalStream } from '@latent-dogs/latent';
import { compile, ProgramState } from '@latent-dogs/tfjs-onnx';
import { initialState, stateDefinitions, stateSpecs } from './model/state.ts';
import { stepInputs, trainingStep } from './model/step.ts';

const args = Object.fromEntries(process.argv.slice(2).map((a) => a.split('=')));
const paper = {
  size: 64,
  channels: +(args.c ?? 64),
  latent: 100,
  batch: +(args.b ?? 64),
  upsample: 'transposed',
  normD: 'batch',
  spectral: false,
  emaImages: 0,
  loss: 'bce',
  beta1: 0.5,
  beta2: 0.999,
  augment: [],
  r1: 0,
  r1Every: 16,
} as const;
const dogs = {
  ...paper,
  normD: 'none',
  spectral: true,
  emaImages: 10000,
  augment: ['color', 'translation', 'cutout'],
  ...(args.up ? { upsample: 'nearest' } : {}),
} as const;
const config: any = args.p === 'dogs' ? dogs : paper;
const defs = stateDefinitions(config);
const stream = new NormalStream(1);
const state = new ProgramState(stateSpecs(defs, args.conv ?? 'conv'), initialState(defs, stream), args.ep ?? 'cpu');
let t = performance.now();
const program = await compile(trainingStep(config, { penalise: !!args.r1 }), {
  state,
  inputs: stepInputs(config, args.conv ?? 'conv'),
  threads: 2,
  convolution: args.conv ?? 'conv',
  ...(args.prof ? { session: { enableProfiling: true, profileFilePrefix: '/tmp/prof' } } : {}),
});
console.log('compile', (performance.now() - t).toFixed(0), 'ms, nodes', program.graph.nodes.length);
const B = config.batch;
const feed = () => {
  const real = new Float32Array(B * 3 * 4096);
  stream.fill(real);
  for (let i = 0; i < real.length; i++) real[i] = Math.tanh(real[i]!);
  const z = new Float32Array(B * 100);
  stream.fill(z);
  const a = new Float32Array(B * 7).fill(1);
  return {
    real,
    z,
    augmentReal: a,
    augmentFake: a,
    adamD: Float32Array.of(2e-4, 1),
    adamG: Float32Array.of(2e-4, 1),
    emaDecay: Float32Array.of(0.99),
  };
};
const times: number[] = [];
for (let i = 0; i < +(args.n ?? 6); i++) {
  const f = feed();
  t = performance.now();
  const o = await program.run(f);
  times.push(performance.now() - t);
  if (i < 3) console.log(Object.fromEntries(Object.entries(o).map(([k, v]) => [k, v.data[0]])));
}
const m = times.slice(1).sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)]!;
console.log(
  args,
  'ms/step',
  m.toFixed(0),
  'min',
  Math.min(...times).toFixed(0),
  'images/s',
  ((B * 1000) / m).toFixed(1),
  'rss',
  (process.memoryUsage().rss / 1e6).toFixed(0),
);
if (args.prof) await program.dispose();
