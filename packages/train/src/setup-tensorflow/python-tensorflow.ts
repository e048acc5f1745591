/** @module Asks a Python interpreter where its TensorFlow lies, without starting TensorFlow. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '@latent-dogs/latent';

export interface PythonTensorflow {
  version: string;
  /** The package's folder, with libtensorflow_cc.so.2 and libtensorflow_framework.so.2. */
  libraries: string;
  /** Headers. */
  include: string;
  /** null where it was built without CUDA. */
  cuda: { cuda: string; cudnn: string } | null;
  /** Where pip put the CUDA libraries, if it did: `pip install tensorflow[and-cuda]`. */
  cudaFolders: string[];
}

/**
 * What tf.sysconfig would say. It is read from the files it would read it from, because importing TensorFlow takes
 * seconds and every package that it depends on, and all that is needed here is its library.
 */
const SCRIPT = `
import glob, importlib.util, json, os, sys
spec = importlib.util.find_spec('tensorflow')
if spec is None or spec.origin is None:
    sys.exit(3)
folder = os.path.dirname(spec.origin)
def constants(path):
    names = {}
    with open(os.path.join(folder, 'python', 'platform', path)) as file:
        exec(file.read(), names)
    return names
info = constants('build_info.py')['build_info']
from importlib import metadata
version = next((d.version for d in metadata.distributions()
    if (d.metadata['Name'] or '').lower().replace('_', '-') in ('tensorflow', 'tensorflow-cpu', 'tensorflow-intel', 'tf-nightly', 'intel-tensorflow')), 'unknown')
print(json.dumps({
    'version': version,
    'libraries': folder,
    'include': os.path.join(folder, 'include'),
    'cuda': {'cuda': str(info.get('cuda_version', '')), 'cudnn': str(info.get('cudnn_version', ''))} if info.get('is_cuda_build') else None,
    'cudaFolders': sorted(glob.glob(os.path.join(os.path.dirname(folder), 'nvidia', '*', 'lib'))),
}))
`;

/** @throws UserError where the interpreter cannot be run, has no TensorFlow, or one that cannot be built against. */
export async function findPythonTensorflow(python: string): Promise<PythonTensorflow> {
  const found = await ask(python);
  for (const file of [...LIBRARIES, 'include/tensorflow/c/eager/c_api.h']) {
    if (!existsSync(join(found.libraries, file)))
      throw new UserError(
        `--python: the TensorFlow ${found.version} of ${python} lacks ${file} in ${found.libraries}; ` +
          'a build that can be used is: pip install "tensorflow[and-cuda]" (or tensorflow-cpu), 2.15 or newer, on Linux',
      );
  }
  return found;
}

export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;

const NO_TENSORFLOW = 3;

async function ask(python: string): Promise<PythonTensorflow> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', SCRIPT]);
    return JSON.parse(stdout) as PythonTensorflow;
  } catch (error) {
    const { code, stderr = '', message } = error as { code?: number | string; stderr?: string; message: string };
    if (code === 'ENOENT')
      throw new UserError(`--python: there is no program '${python}'; give the path of a Python 3`);
    if (code === NO_TENSORFLOW)
      throw new UserError(
        `--python: '${python}' has no TensorFlow. Install it (${python} -m pip install "tensorflow[and-cuda]"), or ` +
          'give the Python that has it: pnpm setup:tensorflow --python PATH',
      );
    const lastLine = stderr.trim().split('\n').at(-1) || message;
    throw new UserError(`--python: '${python}' could not say where its TensorFlow is: ${lastLine}`);
  }
}
