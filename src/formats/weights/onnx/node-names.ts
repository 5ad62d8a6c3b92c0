import type { Field, ProtoReader } from './proto-reader.ts';

/** What is read of an operator: its kind, its name, and what goes in and out. */
export interface GraphNode {
  readonly kind: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** Reads a `NodeProto`. */
export async function readNode(proto: ProtoReader, message: Field): Promise<GraphNode> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let kind = '';
  let name = '';
  for await (const field of proto.fields(message.from, message.to)) {
    if (field.wire !== 2) continue;
    if (field.number === 1) inputs.push(await proto.text(field));
    else if (field.number === 2) outputs.push(await proto.text(field));
    else if (field.number === 3) name = await proto.text(field);
    else if (field.number === 4) kind = await proto.text(field);
  }
  return { kind, name, inputs, outputs };
}

/**
 * Names that exporters took from arrays, found again: arrays that were equal are one array and copies of it, and the
 * filter and bias of a convolution with its batch norm folded in are called `onnx::Conv_193` and belong to
 * `/layer1/layer1.0/conv1/Conv`.
 *
 * @param known names of the initialisers
 * @returns for each further name the initialiser that it is
 */
export function aliasesOf(nodes: readonly GraphNode[], known: ReadonlySet<string>): Map<string, string> {
  const aliases = new Map<string, string>();
  const arrayOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : known.has(name) ? name : aliases.get(name);
  for (const { kind, inputs, outputs } of nodes) {
    const source = kind === 'Identity' ? arrayOf(inputs[0]) : undefined;
    if (source !== undefined && outputs[0] !== undefined) aliases.set(outputs[0], source);
  }
  for (const { kind, name, inputs } of nodes) {
    if (kind !== 'Conv') continue;
    const [, filter = '', bias] = inputs;
    const layer = filter.endsWith('.weight') ? filter.slice(0, -'.weight'.length) : moduleOf(name);
    const fields = [
      ['weight', filter],
      ['bias', bias],
    ] as const;
    for (const [field, input] of fields) {
      const source = arrayOf(input);
      const full = `${layer}.${field}`;
      if (layer !== '' && source !== undefined && !known.has(full)) aliases.set(full, source);
    }
  }
  return aliases;
}

/** `/layer1/layer1.0/conv1/Conv` is the module `layer1.0.conv1`; '' where a name tells no module. */
function moduleOf(name: string): string {
  if (!name.startsWith('/')) return '';
  const parts = name.split('/').slice(1, -1);
  return parts.filter((part, i) => !(parts[i + 1] ?? '').startsWith(`${part}.`)).join('.');
}
