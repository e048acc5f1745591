import { expect, test } from 'vitest';
import { reasonIn } from './gpu.ts';

const missing = (library: string, reason = 'cannot open shared object file: No such file or directory') =>
  `2026-01-02 03:04:05.678: I external/local_xla/xla/tsl/platform/default/dso_loader.cc:81] Could not load dynamic library '${library}'; dlerror: ${library}: ${reason}; LD_LIBRARY_PATH: /opt/cuda\n`;

test.each([
  [
    'a CUDA library',
    missing('libcudnn.so.9'),
    'CUDA library libcudnn.so.9 failed to load (libcudnn.so.9: cannot open shared object file: No such file or directory)',
  ],
  [
    'the first of two',
    missing('libcudart.so.11.0') + missing('libcublas.so.11'),
    'CUDA library libcudart.so.11.0 failed to load (libcudart.so.11.0: cannot open shared object file: No such file or directory)',
  ],
  [
    'TensorRT, which training does not use, beside cuDNN',
    missing('libnvinfer.so.8') + missing('libcudnn.so.8'),
    'CUDA library libcudnn.so.8 failed to load (libcudnn.so.8: cannot open shared object file: No such file or directory)',
  ],
  [
    'no driver, whatever else is missing',
    `${missing('libcudart.so.12')}cuda/cudart_stub.cc:28] Could not find cuda drivers on your machine, GPU will not be used.\n`,
    "the NVIDIA driver's library libcuda.so.1 failed to load",
  ],
  [
    'a driver that sees no card',
    'cuda_executor.cc:1] failed call to cuInit: INTERNAL: CUDA error: Failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected\n',
    'the NVIDIA driver refused: INTERNAL: CUDA error: Failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected',
  ],
  ['an empty log', '', 'none was found'],
])("TensorFlow's log names %s", (_name, log, reason) => {
  expect(reasonIn(log)).toBe(reason);
});
