import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  cachePath,
  defaultLibraryPath,
  prepareSocketFolder,
  realLibraryPath,
  socketPathOf,
} from './places.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'plumage-places-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('folders of the user', () => {
  it('takes the variable of ours, then the one of the system, then the home', () => {
    expect(defaultLibraryPath({ PLUMAGE_LIBRARY: '/a/b', XDG_DATA_HOME: '/x' })).toBe('/a/b');
    expect(defaultLibraryPath({ XDG_DATA_HOME: '/x' })).toBe('/x/plumage');
    expect(defaultLibraryPath({})).toMatch(/\.local\/share\/plumage$/);
    expect(cachePath({ PLUMAGE_CACHE: '/c' })).toBe('/c');
    expect(cachePath({ XDG_CACHE_HOME: '/y' })).toBe('/y/plumage');
  });
});

describe('the socket of a library', () => {
  it('is the same by every way to the library, before and after it exists', () => {
    symlinkSync(folder, `${folder}-link`);
    const before = socketPathOf(path.join(`${folder}-link`, 'new', 'library'), {});
    mkdirSync(path.join(folder, 'new', 'library'), { recursive: true });
    expect(socketPathOf(path.join(folder, 'new', '.', 'library'), {})).toBe(before);
    expect(realLibraryPath(path.join(`${folder}-link`, 'new'))).toBe(path.join(folder, 'new'));
    expect(socketPathOf(path.join(folder, 'other'), {})).not.toBe(before);
    rmSync(`${folder}-link`);
  });

  it('fits into a socket address however long the folders are called', () => {
    const runtime = path.join(folder, 'x'.repeat(120));
    const socket = socketPathOf(path.join(folder, 'y'.repeat(200)), { XDG_RUNTIME_DIR: runtime });
    expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107);
    expect(socketPathOf(folder, { XDG_RUNTIME_DIR: '/run/user/1' })).toMatch(
      /^\/run\/user\/1\/plumage\/[0-9a-f]{20}\.sock$/,
    );
  });

  it('lies in a folder that only its user can enter', () => {
    const socket = path.join(folder, 'plumage', 'a.sock');
    prepareSocketFolder(socket);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
    chmodSync(path.dirname(socket), 0o755);
    prepareSocketFolder(socket);
    expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
  });

  it('is refused where the folder is a link or a file: somebody else may have put it there', () => {
    mkdirSync(path.join(folder, 'elsewhere'));
    symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, 'link'));
    expect(() => prepareSocketFolder(path.join(folder, 'link', 'a.sock'))).toThrow(/yours alone/);
    writeFileSync(path.join(folder, 'file'), '');
    expect(() => prepareSocketFolder(path.join(folder, 'file', 'a.sock'))).toThrow(/yours alone/);
  });
});
