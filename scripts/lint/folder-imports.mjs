import path from 'node:path';
import { isBuiltin } from 'node:module';
import { FOLDERS, isTest } from './folders.mjs';

/** Where an import leads: a module of src (`shared/rpc/port.ts`), a built-in module or a package. */
export function destination(specifier, file, sourceRoot) {
  if (specifier.startsWith('#')) return { kind: 'source', path: specifier.slice(1) };
  if (specifier.startsWith('.')) {
    const relative = path.relative(sourceRoot, path.resolve(path.dirname(file), specifier));
    return relative.startsWith('..')
      ? { kind: 'outside', path: relative }
      : { kind: 'source', path: relative.split(path.sep).join('/') };
  }
  if (isBuiltin(specifier)) return { kind: 'builtin', path: specifier };
  const parts = specifier.split('/');
  return { kind: 'package', path: specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0] };
}

/** Why this import is not allowed, as a sentence, or undefined. */
export function objection({ specifier, file, sourceRoot, typeOnly = false, dynamic = false }) {
  const from = path.relative(sourceRoot, file).split(path.sep).join('/');
  const folder = from.split('/')[0];
  const rule = FOLDERS[folder];
  if (!rule) return undefined;
  const to = destination(specifier, file, sourceRoot);
  if (to.kind === 'package' && to.path === 'electron' && !rule.electron && !typeOnly) {
    return 'Only src/main and src/preload import electron.';
  }
  if (isTest(file)) return undefined;
  if (to.kind === 'builtin' && !rule.builtins) return `src/${folder} runs anywhere: no ${specifier}.`;
  if (to.kind === 'package' && rule.packages && !rule.packages.includes(to.path)) {
    return `src/${folder} may use only ${rule.packages.join(' and ')}, not ${to.path}.`;
  }
  if (to.kind === 'outside') return `src/${folder} must not import from outside src (${to.path}).`;
  return to.kind === 'source' ? sourceObjection(rule, folder, to.path, { typeOnly, dynamic }) : undefined;
}

function sourceObjection(rule, folder, target, { typeOnly, dynamic }) {
  const targetFolder = target.split('/')[0];
  if (targetFolder === folder) return undefined;
  if (rule.paths?.includes(target)) return undefined;
  if (rule.late?.includes(target)) {
    return typeOnly || dynamic ? undefined : `src/${folder} may load ${target} only with a dynamic import().`;
  }
  if (!rule.folders.includes(targetFolder)) {
    const allowed = rule.folders.length ? rule.folders.join(', ') : 'no other folder';
    return `src/${folder} may import ${allowed}; not ${targetFolder} (scripts/lint/folders.mjs).`;
  }
  const guarded = rule.typesOnly?.find((start) => target.startsWith(`${start}/`));
  if (guarded && !typeOnly) return `src/${folder} imports only types from ${guarded}: use import type.`;
  return undefined;
}

/** `import { type A }` does not count: what is left of it after stripping still loads the module. */
const typeOnlyDeclaration = (node) => node.importKind === 'type' || node.exportKind === 'type';

/** ESLint rule: imports go one way between the folders of src. */
export const folderImports = {
  meta: { type: 'problem', schema: [], messages: { refused: '{{why}}' } },
  create(context) {
    const sourceRoot = path.join(context.cwd, 'src');
    const check = (node, source, flags) => {
      if (typeof source?.value !== 'string') return;
      const why = objection({ specifier: source.value, file: context.filename, sourceRoot, ...flags });
      if (why) context.report({ node: source, messageId: 'refused', data: { why } });
    };
    const declaration = (node) => check(node, node.source, { typeOnly: typeOnlyDeclaration(node) });
    return {
      ImportDeclaration: declaration,
      ExportNamedDeclaration: declaration,
      ExportAllDeclaration: declaration,
      ImportExpression: (node) => check(node, node.source, { dynamic: true }),
    };
  },
};
