import { describe, expect, it } from 'vitest';
import { planOf, planSentence, type SplitForm } from './split-plan.ts';

const form: SplitForm = {
  kind: 'class-disjoint',
  testShare: 0.5,
  validationShare: 0.1,
  seed: 0,
  dropLeaks: false,
};
const classes = (count: number, images: number, excluded = 0) =>
  Array.from({ length: count }, () => ({ images, excluded }));

describe('what a split form will make', () => {
  it('divides classes, not images, when parts are class-disjoint', () => {
    const plan = planOf(form, [...classes(100, 10), ...classes(3, 2, 2)]);
    expect([plan.train.classes, plan.validation.classes, plan.test.classes]).toEqual([45, 5, 50]);
    expect([plan.train.images, plan.validation.images, plan.test.images]).toEqual([450, 50, 500]);
    expect(planSentence(form, plan)).toBe(
      'Trains on 45 classes (about 450 images), validates on 5 of the training side, and tests on 50 classes (about 500 images) that training never sees.',
    );
  });

  it('divides the images of each class otherwise, and says that classes are seen', () => {
    const stratified: SplitForm = { ...form, kind: 'stratified', testShare: 0.2, dropLeaks: true };
    const plan = planOf(stratified, classes(10, 10));
    expect([plan.train.images, plan.validation.images, plan.test.images]).toEqual([72, 8, 20]);
    expect(planSentence(stratified, plan)).toMatch(/classes that training has seen.*left out\.$/);
  });

  it.each([
    [form, classes(1, 10), /at least two classes/],
    [{ ...form, testShare: 0.9 }, classes(4, 3), /left to train on/],
    [{ ...form, kind: 'stratified' as const }, classes(4, 1), /Every class has one image/],
    [{ ...form, kind: 'stratified' as const }, [], /no image to split/],
  ])('says what stands in the way', (asked, made, problem) => {
    expect(planOf(asked, made).problem).toMatch(problem);
  });
});
