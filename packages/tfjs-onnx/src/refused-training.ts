/** @module model.fit and its kind inside a traced function, which are refused at the line that calls them. */
import * as tf from '@tensorflow/tfjs-core';
import { callSite } from './call-site.ts';
import { TraceError } from './tracing-backend.ts';

const METHODS = ['fit', 'fitDataset', 'trainOnBatch'] as const;

/**
 * These methods are asynchronous: they would go on after the trace, on tensors that are gone then, and TF.js's rejection would end the
 * process. tfjs-layers is not imported for this; it registers its models with tfjs-core.
 *
 * @returns how to undo it.
 */
export function refuseTraining(): () => void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const undo: (() => void)[] = [];
  for (const [{ prototype }] of Object.values(classNameMap)) {
    const methods = prototype as unknown as Record<string, unknown>;
    for (const name of METHODS) {
      const original = methods[name];
      if (!Object.hasOwn(methods, name)) continue;
      undo.push(() => Object.assign(methods, { [name]: original }));
      methods[name] = () => {
        throw new TraceError(
          `the traced function calls model.${name} at ${callSite()}, which trains in steps that a trace does not see; use trainStep(model)`,
        );
      };
    }
  }
  return () => {
    for (const one of undo) one();
  };
}
