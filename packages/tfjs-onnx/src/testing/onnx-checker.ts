import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's python3-onnx belongs to the system's Python, whatever else is first on PATH. */
const PYTHON = '/usr/bin/python3';

export const hasOnnxChecker = spawnSync(PYTHON, ['-c', 'import onnx']).status === 0;

const SCRIPT = `
import os, sys, onnx
folder = sys.argv[1]
for name in sorted(os.listdir(folder), key=int):
    try:
        model = onnx.load(os.path.join(folder, name))
        onnx.checker.check_model(model, full_check=True)
        onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    except Exception as error:
        print(name, str(error).replace(chr(10), ' '))
`;

/**
 * Runs ONNX's own checker, with strict type and shape inference, over models by name; what inference finds must agree
 * with what the models declare.
 *
 * @returns one line for each model that is not valid.
 */
export function checkModels(models: ReadonlyMap<string, Uint8Array>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'onnx-checker-'));
  try {
    const names = [...models.keys()];
    for (const [i, name] of names.entries()) writeFileSync(join(folder, String(i)), models.get(name)!);
    const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', SCRIPT, folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${names[Number.parseInt(line, 10)]}: ${line.slice(line.indexOf(' ') + 1)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
