/** @module Bundled by cli.ts, because TF.js's specs can be imported by bundlers only: all of them, on the backend of one operator a graph. */
import './jasmine.ts';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import { run } from './jasmine.ts';
import { BACKEND, registerBackend } from './one-operator-backend.ts';

registerBackend();
tf.env().set('IS_TEST', true);
setTestEnvs([{ name: BACKEND, backendName: BACKEND, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests.js');
await run();
