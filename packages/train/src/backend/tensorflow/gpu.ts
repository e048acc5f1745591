/** @module Why TensorFlow finds no GPU, according to its log. */
import { spawnSync } from 'node:child_process';
import type { Addon } from './addon.ts';

/** The reason and the remedy, for the user. Starts TensorFlow again, in a child process, to read its log. */
export function missingGpu({ file, record }: Addon): string {
  const reason =
    record && record.cuda === null
      ? `TensorFlow ${record.tensorflow} of ${record.python} was built without CUDA`
      : reasonIn(gpuLog(file));
  return `--backend tensorflow: TensorFlow finds no GPU: ${reason}. ${remedyFor(reason, record !== null)}`;
}

/** TensorFlow's log of its search for GPUs. */
function gpuLog(addon: string): string {
  const { stderr } = spawnSync(process.execPath, ['-e', 'require(process.argv[1]).isUsingGpuDevice()', addon], {
    encoding: 'utf8',
    // CUDA's libraries are named only in the verbose log of the module that loads them.
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1' },
  });
  return stderr;
}

/** The first problem in TensorFlow's log that prevents the use of a GPU. */
export function reasonIn(log: string): string {
  const libraries = [...log.matchAll(/Could not load dynamic library '([^']+)'; dlerror: ([^;\n]*)/g)];
  const unloadable = libraries.find(([, name]) => name !== 'libnvinfer.so' && !/nvinfer|tensorrt/i.test(name!));
  const refused = log.match(
    /Ignoring visible gpu device \(([^)]*(?:\([^)]*\)[^)]*)*)\) with Cuda compute capability ([\d.]+)[^\n]*/i,
  );
  const driver = log.match(/failed call to cuInit: ([^\n]*)/);
  // libcuda belongs to the driver; without it, missing CUDA libraries don't matter.
  if (libraries.some(([, name]) => name!.startsWith('libcuda.so')) || /Could not find cuda drivers/.test(log))
    return "the NVIDIA driver's library libcuda.so.1 failed to load";
  if (unloadable) return `CUDA library ${unloadable[1]} failed to load (${unloadable[2]!.trim()})`;
  if (driver) return `the NVIDIA driver refused: ${driver[1]!.trim()}`;
  if (refused) return `it ignores the card with compute capability ${refused[2]}: ${refused[1]}`;
  if (/Cannot dlopen some GPU libraries/.test(log)) return 'a CUDA library failed to load';
  return 'none was found';
}

function remedyFor(reason: string, built: boolean): string {
  const cpu = 'or use --device cpu, or --backend onnxruntime';
  if (/driver/.test(reason)) return `Install NVIDIA's driver and check that nvidia-smi lists the card, ${cpu}`;
  if (!built)
    return `The library that tfjs-node-gpu downloads needs CUDA 11.2 and cuDNN 8.1; for current versions: pnpm setup:tensorflow --python PATH, ${cpu}`;
  return `Install its CUDA libraries (pip install "tensorflow[and-cuda]") and run pnpm setup:tensorflow --python PATH again, ${cpu}`;
}
