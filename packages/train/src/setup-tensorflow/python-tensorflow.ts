/** @module Asks a Python interpreter for the location of its TensorFlow, without importing it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '@latent-dogs/latent';

export interface PythonTensorflow {
  version: string;
  /** Folder of libtensorflow_cc.so.2 and libtensorflow_framework.so.2. */
  libraries: string;
  /** Folder of headers. */
  include: string;
  /** Null: built without CUDA. */
  cuda: { cuda: string; cudnn: string } | null;
  /** Folders of CUDA libraries that pip installed (`pip install tensorflow[and-cuda]`), if any. */
  cudaFolders: string[];
}

/**
 * Gives the same as tf.sysconfig by reading the same files. Importing TensorFlow would take seconds and need all its
 * dependencies; only its library is used here.
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

/** @throws UserError if the interpreter cannot be run, has no TensorFlow, or one without the files to build against. */
export async function findPythonTensorflow(python: string): Promise<PythonTensorflow> {
  const found = await ask(python);
  for (const file of [...LIBRARIES, 'include/tensorflow/c/eager/c_api.h']) {
    if (!existsSync(join(found.libraries, file)))
      throw new UserError(
        `--python: the TensorFlow ${found.version} of ${python} lacks ${file} in ${found.libraries}; ` +
          'install a usable build: pip install "tensorflow[and-cuda]" (or tensorflow-cpu), 2.15 or newer, on Linux',
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
        `--python: '${python}' has no TensorFlow; install it (${python} -m pip install "tensorflow[and-cuda]"), or ` +
          'give a Python that has it: pnpm setup:tensorflow --python PATH',
      );
    const lastLine = stderr.trim().split('\n').at(-1) || message;
    throw new UserError(`--python: '${python}' did not report its TensorFlow: ${lastLine}`);
  }
}
