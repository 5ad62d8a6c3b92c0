import { expect, test } from 'vitest';
import { ExportFormat, ExportKind } from '#shared/contract/exports.ts';
import { BackendChoice } from '#shared/domain/run.ts';
import { PartName } from '#shared/domain/split.ts';
import { MiningRule } from '#shared/domain/triplet.ts';
import { BACKENDS, EXPORT_FORMATS, EXPORT_KINDS, MINING_RULES, PARTS } from './choices.ts';

test('the choices of options are those of the contract', () => {
  expect(BACKENDS).toEqual(BackendChoice.options);
  expect(PARTS).toEqual(PartName.options);
  expect(MINING_RULES).toEqual(MiningRule.options);
  expect(EXPORT_KINDS).toEqual(ExportKind.options);
  expect(EXPORT_FORMATS).toEqual(ExportFormat.options);
});
