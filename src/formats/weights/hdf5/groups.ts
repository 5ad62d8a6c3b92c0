import { refuse } from '../weight-file.ts';
import { textAttribute } from './attributes.ts';
import type { Cursor } from './cursor.ts';
import { type Hdf5File, MESSAGE, type Message } from './hdf5-file.ts';

const DEEPEST_GROUP = 32;
const DEEPEST_TREE = 16;
const MOST_OBJECTS = 200_000;
const MOST_HEAP_BYTES = 64 * 2 ** 20;

/** A dataset of the file, by its path without the leading slash. */
export interface FoundDataset {
  readonly path: string;
  readonly messages: readonly Message[];
  /** What the group around it says that its layer is called; only Keras 3 says so. */
  readonly layer: string | null;
}

/** Every dataset under the root group. Each object is visited once, so that a ring of links ends. */
export async function findDatasets(hdf5: Hdf5File): Promise<FoundDataset[]> {
  const found: FoundDataset[] = [];
  const seen = new Set<number>();
  const visit = async (address: number, path: string, depth: number, layer: string | null): Promise<void> => {
    if (seen.has(address)) return;
    seen.add(address);
    if (depth > DEEPEST_GROUP || seen.size > MOST_OBJECTS)
      refuse(hdf5.file.path, 'its groups are too many or too deep to be the layers of a network.');
    const what = path === '' ? 'its root group' : `"${path}"`;
    const messages = await hdf5.messages(address, what);
    const table = messages.find(({ type }) => type === MESSAGE.symbolTable);
    if (table) {
      const tree = table.body.uint(hdf5.widths.offset);
      const heap = table.body.uint(hdf5.widths.offset);
      const own = path.endsWith('/vars') ? await textAttribute(hdf5, messages, 'name') : null;
      for (const [name, child] of await linksOf(hdf5, tree, heap, what))
        await visit(child, path === '' ? name : `${path}/${name}`, depth + 1, own);
    } else if (messages.some(({ type }) => type === MESSAGE.layout)) found.push({ path, messages, layer });
    else if (messages.some(({ type }) => type === MESSAGE.linkInfo || type === MESSAGE.link))
      refuse(
        hdf5.file.path,
        `${what} keeps its members in a newer HDF5 layout. Save it without track_order, as Keras does.`,
      );
  };
  await visit(hdf5.root, '', 0, null);
  return found;
}

/** Names and header addresses of a group's members. */
async function linksOf(
  hdf5: Hdf5File,
  tree: number,
  heap: number,
  what: string,
): Promise<[name: string, address: number][]> {
  const { offset, length } = hdf5.widths;
  const head = (await hdf5.cursor(heap, 8 + 2 * length + offset, what)).expect('HEAP').skip(4);
  const heapBytes = head.uint(length);
  if (heapBytes > MOST_HEAP_BYTES) head.damaged();
  const names = await hdf5.file.read(head.skip(length).uint(offset), heapBytes, `the names in ${what}`);
  const links: [string, number][] = [];
  for (const leaf of await leavesOf(hdf5, tree, what)) {
    const symbols = (await hdf5.cursor(leaf, 8, what)).expect('SNOD').skip(2).uint(2);
    const entry = 2 * offset + 24;
    const list = await hdf5.cursor(leaf + 8, symbols * entry, what);
    for (let i = 0; i < symbols; i++) {
      const from = list.uint(offset);
      const address = list.uint(offset);
      const isSoftLink = list.uint(4) === 2;
      list.skip(20);
      const end = names.indexOf(0, from);
      if (from >= names.length || end < 0) list.damaged();
      if (!isSoftLink) links.push([new TextDecoder().decode(names.subarray(from, end)), address]);
    }
  }
  return links;
}

/** Addresses of the leaves of a group's tree, in order. */
async function leavesOf(hdf5: Hdf5File, tree: number, what: string, depth = 0): Promise<number[]> {
  const { offset, length } = hdf5.widths;
  const node = await treeNode(hdf5, tree, 0, length, what);
  if (depth > DEEPEST_TREE) node.keys.damaged();
  const children: number[] = [];
  for (let i = 0; i < node.used; i++) children.push(node.keys.skip(length).uint(offset));
  if (node.level === 0) return children;
  const leaves: number[] = [];
  for (const child of children) leaves.push(...(await leavesOf(hdf5, child, what, depth + 1)));
  return leaves;
}

export interface TreeNode {
  readonly level: number;
  readonly used: number;
  /** At the first key: keys and child addresses take turns. */
  readonly keys: Cursor;
}

/** A node of a version 1 tree: of groups (`kind` 0) or of chunks (1). */
export async function treeNode(
  hdf5: Hdf5File,
  address: number,
  kind: 0 | 1,
  keyBytes: number,
  what: string,
): Promise<TreeNode> {
  const { offset } = hdf5.widths;
  const head = (await hdf5.cursor(address, 8 + 2 * offset, what)).expect('TREE');
  if (head.uint(1) !== kind) head.damaged();
  const level = head.uint(1);
  const used = head.uint(2);
  const keys = await hdf5.cursor(address + 8 + 2 * offset, used * (keyBytes + offset), what);
  return { level, used, keys };
}
