import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '#shared/rpc/errors.ts';
import { checkRoot } from './check-root.ts';
import { previewFolder } from './preview-folder.ts';
import { type FoundEntry, walkFolder } from './walk-folder.ts';

let base: string;
let root: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'plumage-walk-'));
  root = join(base, 'birds');
  await mkdir(root);
});
afterEach(() => rm(base, { recursive: true }));

async function put(path: string, content = 'xx'): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), content);
}

async function walk(): Promise<FoundEntry[]> {
  const entries: FoundEntry[] = [];
  for await (const entry of walkFolder(root)) entries.push(entry);
  return entries;
}

const filesOf = (entries: FoundEntry[]) => entries.filter((entry) => entry.kind === 'file');
const problemsOf = (entries: FoundEntry[]) => entries.filter((entry) => entry.kind === 'problem');

describe('walkFolder', () => {
  it('names classes by their folders, in natural order', async () => {
    for (const path of [
      'wren/10.jpg',
      'wren/9.jpg',
      'owl/barn owl/1.png',
      'owl/2.png',
      'ö, "ß" & 鳥/a b.webp',
    ])
      await put(path);
    expect(filesOf(await walk()).map(({ path, className }) => [path, className])).toEqual([
      ['ö, "ß" & 鳥/a b.webp', 'ö, "ß" & 鳥'],
      ['owl/2.png', 'owl'],
      ['owl/barn owl/1.png', 'owl/barn owl'],
      ['wren/9.jpg', 'wren'],
      ['wren/10.jpg', 'wren'],
    ]);
  });

  it('brings names to NFC, and lists two spellings of one name', async () => {
    await put('cafe\u0301/1.jpg');
    const [file] = filesOf(await walk());
    expect(file).toMatchObject({
      path: 'caf\u00e9/1.jpg',
      className: 'caf\u00e9',
      diskPath: join(root, 'cafe\u0301/1.jpg'),
    });
    await put('caf\u00e9/2.jpg');
    expect(problemsOf(await walk())).toMatchObject([{ code: 'duplicate-path' }]);
  });

  it('counts hidden entries and leaves them out', async () => {
    for (const path of ['a/.b.jpg', '.git/c.jpg', 'a/Thumbs.db', '__MACOSX/d.jpg', 'a/e.jpg'])
      await put(path);
    const entries = await walk();
    expect(filesOf(entries).map(({ path }) => path)).toEqual(['a/e.jpg']);
    expect(entries.filter((entry) => entry.kind === 'hidden')).toHaveLength(4);
  });

  it('follows links inside the root, and no loop and nothing outside', async () => {
    await put('a/1.jpg');
    await writeFile(join(base, 'secret.jpg'), 'x');
    await mkdir(join(base, 'outside'));
    await symlink(join(root, 'a', '1.jpg'), join(root, 'a', '2.jpg'));
    await symlink(join(root, 'a'), join(root, 'b'));
    await symlink(root, join(root, 'a', 'loop'));
    await symlink(join(root, 'c', 'self'), join(root, 'a', 'nowhere.jpg'));
    await symlink(join(base, 'secret.jpg'), join(root, 'a', 'leak.jpg'));
    await symlink(join(base, 'outside'), join(root, 'c'));
    const entries = await walk();
    expect(filesOf(entries).map(({ path }) => path)).toEqual(['a/1.jpg', 'a/2.jpg', 'b/1.jpg', 'b/2.jpg']);
    const problems = Object.fromEntries(problemsOf(entries).map(({ path, code }) => [path, code]));
    expect(problems).toEqual({
      'a/leak.jpg': 'outside-folder',
      'a/loop': 'outside-folder',
      'a/nowhere.jpg': 'unreadable',
      'b/leak.jpg': 'outside-folder',
      'b/loop': 'outside-folder',
      'b/nowhere.jpg': 'unreadable',
      c: 'outside-folder',
    });
  });

  it('refuses images without a class and class names that are too long', async () => {
    await put('stray.jpg');
    await put('notes.txt');
    const long = `${'x'.repeat(150)}/${'y'.repeat(150)}`;
    await put(`${long}/1.jpg`);
    const problems = problemsOf(await walk());
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['stray.jpg', 'no-class'],
      [`${long}/1.jpg`, 'name-too-long'],
    ]);
  });

  it('stops when asked', async () => {
    await put('a/1.jpg');
    const walking = walkFolder(root, AbortSignal.abort()).next();
    await expect(walking).rejects.toThrow();
  });
});

describe('previewFolder', () => {
  it('counts classes, sizes and other files without opening any', async () => {
    for (const path of ['b/1.jpg', 'b/2.JPEG', 'a/1.png', 'a/notes.txt', 'a/.x.jpg', 'stray.jpg'])
      await put(path, 'five!');
    await mkdir(join(root, 'empty'));
    const preview = await previewFolder(root);
    expect(preview).toMatchObject({
      path: root,
      suggestedName: 'birds',
      files: 3,
      otherFiles: 2,
      bytes: 15,
      classes: [
        { name: 'a', images: 1 },
        { name: 'b', images: 2 },
      ],
    });
    expect(preview.warnings.join('\n')).toMatch(
      /1 image beside(.|\n)*1 class with one image(.|\n)*1 empty folder, for example empty/,
    );
  });

  it('warns of a single class, of images without class folders and of nothing at all', async () => {
    expect((await previewFolder(root)).warnings[0]).toContain('no images');
    await put('1.jpg');
    expect((await previewFolder(root)).warnings[0]).toContain('lie in no class folder');
    await put('only/1.jpg');
    expect((await previewFolder(root)).warnings[0]).toContain('one class only');
  });

  it('estimates the size of many files from a sample', async () => {
    await mkdir(join(root, 'a'));
    await Promise.all(
      Array.from({ length: 6000 }, (_, i) => writeFile(join(root, 'a', `${String(i)}.png`), 'abc')),
    );
    expect(await previewFolder(root)).toMatchObject({ files: 6000, bytes: 18_000 });
  });
});

describe('checkRoot', () => {
  it('says what is wrong with a root', async () => {
    await put('a.jpg');
    await expect(checkRoot(join(root, 'none'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(checkRoot(join(root, 'a.jpg'))).rejects.toMatchObject({ code: 'bad-input' });
    await expect(checkRoot(join(root, 'x'.repeat(300)))).rejects.toBeInstanceOf(UserError);
    expect(await checkRoot(root)).toBe(root);
  });
});
