import { permute } from '../graph/graph-builder.ts';
import { identityOrder } from '../graph/traced.ts';
import type { InputData } from '../runtime/program.ts';
import type { NamedSpecs } from '../trace.ts';

/** Values in logical row-major order as a program takes them: in the physical order of their specs. */
export const physicalInputs = <T extends InputData>(
  specs: NamedSpecs,
  values: Readonly<Record<string, T>>,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(specs).map(([name, { shape, order = identityOrder(shape.length) }]) => [
      name,
      permute(values[name]!, shape, order),
    ]),
  );
