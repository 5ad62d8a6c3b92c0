import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** A vitest reporter that writes what the summary needs to PLUMAGE_TEST_RESULTS: counts, failures, reasons of skips. */
export default class CollectReporter {
  #result = { passed: 0, failed: [], skipped: [] };

  onTestCaseResult(testCase) {
    const result = testCase.result();
    const name = this.#nameOf(testCase);
    if (result.state === 'passed') this.#result.passed += 1;
    if (result.state === 'failed') {
      this.#result.failed.push({ name, message: result.errors?.[0]?.message ?? 'no message' });
    }
    if (result.state === 'skipped') {
      const mode = testCase.options?.mode;
      this.#result.skipped.push({
        name,
        reason: result.note ?? (mode === 'todo' ? 'to be written' : 'no reason given'),
      });
    }
  }

  onTestRunEnd(modules, errors) {
    for (const module of modules) {
      for (const error of module.errors())
        this.#result.failed.push({ name: this.#fileOf(module), message: error.message });
    }
    for (const error of errors)
      this.#result.failed.push({ name: 'outside of tests', message: error.message });
    const file = process.env.PLUMAGE_TEST_RESULTS;
    if (file) writeFileSync(file, JSON.stringify(this.#result));
  }

  #nameOf(testCase) {
    return `${this.#fileOf(testCase.module)} > ${testCase.fullName}`;
  }

  #fileOf(module) {
    return path.relative(process.cwd(), module.moduleId).split(path.sep).join('/');
  }
}
