import { describe, expect, it } from 'vitest';
import { type ImageView, isFiltered, queryOf } from './filter.ts';

const plain: ImageView = {
  search: '',
  classIds: [],
  tags: [],
  excluded: 'show',
  duplicates: 'off',
  part: null,
  sort: 'class',
  descending: false,
};

describe('queryOf', () => {
  it('leaves out what is not filtered by', () => {
    expect(queryOf('ds_1', { ...plain, search: '  ' })).toEqual({
      dataset: 'ds_1',
      sort: 'class',
      descending: false,
      filter: { excluded: 'show' },
    });
  });

  it('names every filter that is set', () => {
    const part = { split: 'split_1', splitName: 'half', part: 'test' } as const;
    const query = queryOf('ds_1', {
      ...plain,
      search: ' owl ',
      classIds: [3],
      tags: ['x'],
      duplicates: 'near',
      part,
    });
    expect(query.filter).toEqual({
      excluded: 'show',
      search: 'owl',
      classIds: [3],
      tags: ['x'],
      duplicates: 'near',
      part: { split: 'split_1', part: 'test' },
    });
  });
});

describe('isFiltered', () => {
  it('is false for a view of everything in any order', () => {
    expect(isFiltered({ ...plain, sort: 'size', descending: true, search: ' ' })).toBe(false);
  });
  it('is true for each filter alone', () => {
    expect(isFiltered({ ...plain, search: 'a' })).toBe(true);
    expect(isFiltered({ ...plain, classIds: [1] })).toBe(true);
    expect(isFiltered({ ...plain, tags: ['a'] })).toBe(true);
    expect(isFiltered({ ...plain, excluded: 'hide' })).toBe(true);
    expect(isFiltered({ ...plain, duplicates: 'any' })).toBe(true);
  });
});
