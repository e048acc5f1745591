import { collectGraph, type Graph } from './graph/graph.ts';
import { GraphBuilder } from './graph/graph-builder.ts';
import {
  type Attribute,
  type ConstantData,
  ELEMENT_TYPES,
  type Node,
  sizeOf,
  type TensorType,
  type Value,
} from './graph/types.ts';
import { type NamedSpecs, type NamedTensors, type TraceOptions, trace } from './trace.ts';
import { TraceError } from './tracing-backend.ts';

/** Sizes that no other axis is likely to have, so that nothing is mistaken for a free one: three of each free axis. */
const SIZES: readonly (readonly [number, number, number])[] = [
  [29, 31, 34],
  [37, 41, 46],
  [43, 47, 62],
  [53, 59, 74],
];

/** One size of each free axis. */
type Sizes = readonly number[];

/**
 * Traces a function whose graph takes any size of some axes, such as the batch.
 *
 * The function is traced with several sizes. Where the graphs differ in whole numbers that follow the sizes (shapes, bounds of slices,
 * repetitions), these numbers are computed from the shapes of the inputs when the graph runs; in a Reshape, where one number is enough,
 * it becomes 0 (copied from the input) or -1 (inferred). Nothing else may differ.
 *
 * @param fn as for `trace`.
 * @param inputs specs for given sizes, in the order of `axes`.
 * @param options `axes` names the free dimensions, ['N'] if absent; up to four.
 * @throws TraceError naming the ONNX operator that depends on a size in another way; TraceError as `trace` throws it.
 * @example
 * const graph = traceDynamic(({ z }) => ({ y: tf.tanh(z) }), (N) => ({ z: { shape: [N, 64] } }));
 */
export function traceDynamic(
  fn: (inputs: NamedTensors) => NamedTensors,
  inputs: (...sizes: number[]) => NamedSpecs,
  { axes = ['N'], ...options }: TraceOptions & { readonly axes?: readonly string[] } = {},
): Graph {
  return traceSizes(axes, (...sizes) => trace(fn, inputs(...sizes), options));
}

/** One graph for any size of the axes, from `traceOnce`, which gives the graph for certain sizes. @throws TraceError as `traceDynamic`. */
export function traceSizes(axes: readonly string[], traceOnce: (...sizes: number[]) => Graph): Graph {
  if (axes.length === 0 || axes.length > SIZES.length)
    throw new TraceError(`${axes.length} free axes were named; legal: 1 to ${SIZES.length}`);
  const base = axes.map((_, axis) => SIZES[axis]![0]);
  const samples = [base, ...axes.flatMap((_, axis) => [1, 2].map((i) => base.with(axis, SIZES[axis]![i]!)))];
  const graphs = samples.map((sizes) => traceOnce(...sizes));
  return new Freeing(graphs, samples, axes).graph();
}

/** A whole number that follows the free sizes: factor · product of some of them + offset. */
interface Formula {
  readonly factor: number;
  readonly axes: readonly number[];
  readonly offset: number;
}

/** Graphs of one function for different sizes, walked side by side. */
class Freeing {
  readonly #graphs: readonly Graph[];
  readonly #samples: readonly Sizes[];
  readonly #axes: readonly string[];
  readonly #builder = new GraphBuilder();
  /** For a value of the first graph its counterparts in all of them, and its value in the new graph. */
  readonly #twins = new Map<Value, readonly Value[]>();
  readonly #renewed = new Map<Value, Value>();
  readonly #shapes = new Map<Value, readonly (number | string)[]>();

  constructor(graphs: readonly Graph[], samples: readonly Sizes[], axes: readonly string[]) {
    this.#graphs = graphs;
    this.#samples = samples;
    this.#axes = axes;
  }

  graph(): Graph {
    const [first, ...others] = this.#graphs as [Graph, ...Graph[]];
    for (const [i, other] of others.entries())
      if (other.nodes.length !== first.nodes.length)
        throw new TraceError(
          `the number of ONNX operators depends on the ${this.#difference(i + 1)}: ${first.nodes.length} for ${this.#named(0, i + 1)}, ${other.nodes.length} for ${this.#named(i + 1)}`,
        );
    for (const [i, input] of first.inputs.entries()) {
      const twins = this.#graphs.map((graph) => graph.inputs[i]!);
      this.#twins.set(input, twins);
      this.#shapes.set(input, this.#declared(input.input!, twins));
    }
    for (const [position, node] of first.nodes.entries())
      this.#renew(
        node,
        this.#graphs.map((graph) => graph.nodes[position]!),
      );
    const outputs = [...first.outputs].map(([name, value]): [string, Value] => {
      const twins = this.#graphs.map((graph) => graph.outputs.get(name)!);
      const same = value.constant
        ? twins.every((twin) => String(twin.constant) === String(value.constant))
        : this.#twins.get(value)?.every((twin, i) => twin === twins[i]);
      if (!same) throw new TraceError(`output '${name}' is a different value for another ${this.#axes.join(' or ')}`);
      const renewed = this.#renewed.get(value) ?? value;
      this.#shapes.set(renewed, this.#declared(name, twins));
      return [name, renewed];
    });
    return { ...collectGraph(first.inputs, new Map(outputs)), freeShapes: this.#shapes };
  }

  #renew(node: Node, twins: readonly Node[]): void {
    const other = twins.find(({ operator }) => operator !== node.operator);
    if (other) throw this.#dependence(node, twins.indexOf(other), 'it is', `'${node.operator}'`, `'${other.operator}'`);
    const inputs = node.inputs.map((input, i) => {
      if (!input) return input;
      const counterparts = twins.map((twin) => twin.inputs[i]!);
      if (input.constant && counterparts.every(({ constant }) => constant))
        return this.#constant(node, i, input, counterparts, twins);
      const stranger = counterparts.findIndex((counterpart, at) => this.#twins.get(input)?.[at] !== counterpart);
      if (stranger >= 0) throw this.#dependence(node, stranger, `its input ${i} is`, 'one value', 'another');
      return this.#renewed.get(input) ?? input;
    });
    this.#builder.scope = node.scope;
    const outputs = this.#builder.emitMany(node.operator, inputs, node.outputs, this.#attributes(node, twins));
    for (const [i, output] of node.outputs.entries()) {
      const counterparts = twins.map((twin) => twin.outputs[i]!);
      this.#twins.set(output, counterparts);
      this.#renewed.set(output, this.#free(outputs[i]!, counterparts));
    }
  }

  /** The attributes of a node. Padding that differs becomes SAME_UPPER if that is what it is for each size. */
  #attributes(node: Node, twins: readonly Node[]): Node['attributes'] {
    const shown = twins.map(({ attributes }) => JSON.stringify(attributes));
    const stranger = shown.findIndex((attributes) => attributes !== shown[0]);
    if (stranger < 0) return node.attributes;
    const { pads: _, ...rest } = node.attributes;
    const alike = twins.every(
      ({ attributes: { pads: _own, ...others } }) => JSON.stringify(others) === JSON.stringify(rest),
    );
    if (!alike || !twins.every(padsAsSame))
      throw this.#dependence(node, stranger, 'it has the attributes', shown[0]!, shown[stranger]!);
    return { ...rest, auto_pad: 'SAME_UPPER' };
  }

  /** Input `i` of `node`: a constant that is the same for all sizes, or numbers that follow them. */
  #constant(node: Node, i: number, value: Value, counterparts: readonly Value[], twins: readonly Node[]): Value {
    const data = counterparts.map(({ constant }) => constant!);
    const [own] = data as [ConstantData];
    const stranger = data.findIndex(
      (other) => other.length !== own.length || Array.prototype.some.call(other, (n, at) => !Object.is(n, own[at])),
    );
    if (stranger < 0) return value;
    const refused = () => {
      const shown = (numbers: ConstantData) => (numbers.length > 8 ? `of ${numbers.length} values` : `[${numbers}]`);
      return this.#dependence(node, stranger, `its input ${i} is`, shown(own), shown(data[stranger]!));
    };
    const repeated = this.#repeated(counterparts) ?? this.#counted(counterparts);
    if (repeated) return repeated;
    if (data.some((other) => other.length !== own.length) || value.shape.length > 1) throw refused();
    if (value.type !== 'int64' && value.type !== 'int32') throw refused();
    if (node.operator === 'Reshape' && !node.attributes['allowzero']) {
      const reshaped = this.#reshape(data, twins);
      if (reshaped) return this.#builder.constant(reshaped, value.shape, 'int64');
    }
    const formulas = Array.from(own as ArrayLike<unknown>, (_, at) =>
      this.#formula(data.map((other) => Number(other[at]))),
    );
    if (formulas.some((formula) => !formula)) throw refused();
    return this.#computed(formulas as Formula[], value);
  }

  /** A constant that repeats one slice along an axis of a free size: an Expand of the slice. */
  #repeated(counterparts: readonly Value[]): Value | undefined {
    const [{ shape, type, constant }] = counterparts as [Value];
    const axis = shape.findIndex((size, at) => counterparts.some((other) => other.shape[at] !== size));
    const formulas = shape.map((_, at) => this.#formula(counterparts.map((other) => other.shape[at]!)));
    if (axis < 0 || formulas.some((formula) => !formula)) return undefined;
    const slices = counterparts.map((value) => sliceThatRepeats(value, axis));
    const [first] = slices;
    const same = (other: unknown[] | undefined) => other?.every((value, i) => Object.is(value, first?.[i]));
    if (!first || !slices.every((other) => same(other) && other?.length === first.length)) return undefined;
    const { from } = constant!.constructor as unknown as { from(values: readonly unknown[]): ConstantData };
    const slice = this.#builder.constant(from.call(constant!.constructor, first), shape.with(axis, 1), type);
    const sizes = this.#computed(formulas as Formula[], { shape: [shape.length], type: 'int64' });
    return this.#free(this.#builder.emit('Expand', [slice, sizes], shape, type), counterparts);
  }

  /** The numbers 0, 1, 2, … up to a free size: a Range. */
  #counted(counterparts: readonly Value[]): Value | undefined {
    const [{ shape, type }] = counterparts as [Value];
    const counts = ({ constant, shape: own }: Value) =>
      own.filter((size) => size !== 1).length === 1 &&
      Array.prototype.every.call(constant, (value, i) => Number(value) === i);
    const formula = this.#formula(counterparts.map((value) => sizeOf(value.shape)));
    if (!formula || !counterparts.every(counts)) return undefined;
    const builder = this.#builder;
    const [start, step] = [0n, 1n].map((number) => builder.constant(BigInt64Array.of(number), [], 'int64'));
    const end = this.#computed([formula], { shape: [], type: 'int64' });
    const lines = counterparts.map((value) => ({ shape: [sizeOf(value.shape)] }));
    let numbers = this.#free(builder.emit('Range', [start!, end, step!], lines[0]!.shape, 'int64'), lines);
    if (shape.length > 1) {
      const target = builder.integers(shape.map((size) => (size === 1 ? 1 : -1)));
      numbers = this.#free(builder.emit('Reshape', [numbers, target], shape, 'int64'), counterparts);
    }
    if (type === 'int64') return numbers;
    return this.#free(builder.emit('Cast', [numbers], shape, type, { to: ELEMENT_TYPES[type] }), counterparts);
  }

  /** Declares the free sizes of a value. */
  #free(value: Value, counterparts: readonly { readonly shape: readonly number[] }[]): Value {
    this.#shapes.set(value, this.#declared('', counterparts));
    return value;
  }

  /** The shape of a Reshape with 0 for what it copies from the input and -1 for what it infers; undefined if that leaves more. */
  #reshape(data: readonly ConstantData[], twins: readonly Node[]): BigInt64Array | undefined {
    const [own] = data as [ConstantData];
    const copied = (at: number) => twins.every(({ inputs: [input] }, i) => input!.shape[at] === Number(data[i]![at]));
    const free = [...own.keys()].filter((at) => data.some((other) => other[at] !== own[at]));
    const inferred = free.filter((at) => !copied(at));
    if (inferred.length > 1) return undefined;
    return BigInt64Array.from(own as ArrayLike<number>, (number, at) =>
      inferred.includes(at) ? -1n : free.includes(at) ? 0n : BigInt(number),
    );
  }

  /** A vector of numbers that follow the sizes, computed from the shapes of the inputs. */
  #computed(formulas: readonly Formula[], { type, shape }: TensorType): Value {
    const builder = this.#builder;
    const numbers = formulas.map(({ factor, axes, offset }) => {
      if (axes.length === 0) return builder.integers([offset]);
      let number = axes.map((axis) => this.#size(axis)).reduce((a, b) => builder.emit('Mul', [a, b], [1], 'int64'));
      if (factor !== 1) number = builder.emit('Mul', [number, builder.integers([factor])], [1], 'int64');
      return offset === 0 ? number : builder.emit('Add', [number, builder.integers([offset])], [1], 'int64');
    });
    const all =
      numbers.length === 1 ? numbers[0]! : builder.emit('Concat', numbers, [numbers.length], 'int64', { axis: 0 });
    const shaped = builder.reshape(all, shape);
    return type === 'int64' ? shaped : builder.emit('Cast', [shaped], shape, type, { to: 6 });
  }

  /** The size of a free axis, as a vector of one number. */
  #size(axis: number): Value {
    for (const input of this.#graphs[0]!.inputs) {
      const at = this.#shapes.get(input)!.indexOf(this.#axes[axis]!);
      if (at < 0) continue;
      const shape = this.#builder.emit('Shape', [input], [input.shape.length], 'int64');
      return this.#builder.emit('Gather', [shape, this.#builder.integers([at])], [1], 'int64', { axis: 0 });
    }
    throw new TraceError(`no input has the free axis '${this.#axes[axis]}' as an axis of its own`);
  }

  /** The formula that gives these numbers for the samples, or undefined. */
  #formula(numbers: readonly number[]): Formula | undefined {
    const [first, base] = [numbers[0]!, this.#samples[0]!];
    const axes = this.#axes.flatMap((_, axis) =>
      numbers[2 * axis + 1] === first && numbers[2 * axis + 2] === first ? [] : [axis],
    );
    if (axes.length === 0) return { factor: 0, axes, offset: first };
    const product = axes.reduce((size, axis) => size * base[axis]!, 1);
    const fits = (formula: Formula) =>
      Number.isInteger(formula.factor) &&
      Number.isInteger(formula.offset) &&
      numbers.every(
        (number, i) =>
          number === formula.factor * axes.reduce((size, axis) => size * this.#samples[i]![axis]!, 1) + formula.offset,
      );
    const multiple: Formula = { factor: first / product, axes, offset: 0 };
    if (fits(multiple)) return multiple;
    if (axes.length > 1) return undefined;
    const [axis] = axes as [number];
    const factor = (numbers[2 * axis + 1]! - first) / (this.#samples[2 * axis + 1]![axis]! - base[axis]!);
    const affine: Formula = { factor, axes, offset: first - factor * base[axis]! };
    return fits(affine) ? affine : undefined;
  }

  /** The shape that inputs and outputs declare; an axis that follows the sizes in a way that has no formula gets a name of its own. */
  #declared(name: string, twins: readonly { readonly shape: readonly number[] }[]): (number | string)[] {
    return twins[0]!.shape.map((_, at) => {
      const formula = this.#formula(twins.map(({ shape }) => shape[at]!));
      if (!formula) return `${name}_${at}`;
      const { factor, axes, offset } = formula;
      if (axes.length === 0) return offset;
      const product = axes.map((axis) => this.#axes[axis]).join('*') + (factor === 1 ? '' : `*${factor}`);
      return offset === 0 ? product : `${product}${offset < 0 ? '' : '+'}${offset}`;
    });
  }

  /** The free axis in which a sample differs from the first one. */
  #difference(sample: number): string {
    const name = this.#axes[Math.floor((sample - 1) / 2)]!;
    return name === 'N' ? 'batch size' : `size of '${name}'`;
  }

  #named(sample: number, differing = sample): string {
    const axis = Math.floor((differing - 1) / 2);
    return `${this.#axes[axis]} = ${this.#samples[sample]![axis]}`;
  }

  #dependence(node: Node, sample: number, what: string, first: string, second: string): TraceError {
    const layer = node.scope ? ` of '${node.scope}'` : '';
    return new TraceError(
      `ONNX operator '${node.operator}'${layer} depends on the ${this.#difference(sample)}: ${what} ${first} for ${this.#named(0, sample)} and ${second} for ${this.#named(sample)}; only whole numbers such as shapes can follow it, so give that axis a size`,
    );
  }
}

/** The slice of size 1 along an axis, if all slices of the constant are the same. */
function sliceThatRepeats({ constant, shape }: Value, axis: number): unknown[] | undefined {
  const size = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const values: unknown[] = Array.from(constant as ArrayLike<unknown>);
  const slice = values.filter((_, i) => Math.floor(i / inner) % size === 0);
  const expected = (i: number) => slice[Math.floor(i / (inner * size)) * inner + (i % inner)];
  return values.every((value, i) => Object.is(value, expected(i))) ? slice : undefined;
}

/** Whether the padding of a convolution or a pooling is what SAME_UPPER gives for its input. */
function padsAsSame({ inputs, attributes }: Node): boolean {
  const list = (name: string, otherwise: number) =>
    (attributes[name] as readonly number[] | undefined) ?? [otherwise, otherwise, otherwise];
  const { pads } = attributes as { pads?: Attribute };
  if (!Array.isArray(pads)) return false;
  const rank = pads.length / 2;
  return inputs[0]!.shape.slice(2).every((size, axis) => {
    const stride = list('strides', 1)[axis]!;
    const reach = (list('kernel_shape', 1)[axis]! - 1) * list('dilations', 1)[axis]! + 1;
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
    const before = Math.floor(total / 2);
    return pads[axis] === before && pads[axis + rank] === total - before;
  });
}
