import { expect, it } from 'vitest';
import { headWarnings } from './head-warnings.ts';

const plain = {
  backbone: 'mobilenet-v1-0.25',
  dim: 128,
  pooling: 'average',
  headInit: 'pca',
  frozenStages: 0,
} as const;

it.each([
  [{}, []],
  [{ frozenStages: 5 }, []],
  [{ pooling: 'flatten' }, [/too large for principal axes/]],
  [{ pooling: 'flatten', headInit: 'random' }, []],
  [{ dim: 300 }, [/gives 256 features, so 44 of the 300/]],
  [{ frozenStages: 6 }, [/has 6 stages and all are frozen/]],
  [{ backbone: 'unknown', frozenStages: 6 }, []],
] as const)('%j', (changed, sentences) => {
  const warnings = headWarnings({ ...plain, ...changed });
  expect(warnings).toHaveLength(sentences.length);
  for (const [i, sentence] of sentences.entries()) expect(warnings[i]).toMatch(sentence);
});
