import { describe, expect, it } from 'vitest';
import { triplet } from '../../testing/fake-data.ts';
import { benchCommand } from './bench-keys.ts';
import { isActive, suggestedClass } from './verdicts.ts';

const plain = { ctrlKey: false, metaKey: false, altKey: false };

describe('the bench', () => {
  it.each([
    ['j', { kind: 'move', by: 1 }],
    ['K', { kind: 'move', by: -1 }],
    ['4', { kind: 'verdict', key: '4' }],
    ['Z', { kind: 'undo' }],
    ['p', { kind: 'corner', key: 'p' }],
    ['6', null],
    ['Enter', null],
  ])('%s', (key, command) => {
    expect(benchCommand({ key, ...plain })).toEqual(command);
  });

  it('leaves keys with Ctrl to the window', () => {
    expect(benchCommand({ key: 'z', ...plain, ctrlKey: true })).toBeNull();
  });

  it('suggests the class of the picture that lies near', () => {
    const one = triplet(0);
    expect(suggestedClass(one, 'negative')).toBe(one.anchor.class);
    expect(suggestedClass(one, 'anchor')).toBe(one.negative.class);
  });

  it('tells active triplets by the margin', () => {
    expect(isActive({ ...triplet(0), violation: -0.1 }, 0.2)).toBe(true);
    expect(isActive({ ...triplet(0), violation: -0.3 }, 0.2)).toBe(false);
  });
});
