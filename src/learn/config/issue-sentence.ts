import type { z } from 'zod';

export interface SettingProblem {
  readonly field: string;
  readonly message: string;
}

/** A schema's complaint about a setting as a sentence that names the setting, the value and what would do. */
export function issueSentence(
  issue: z.core.$ZodIssue,
  given: Readonly<Record<string, unknown>>,
): SettingProblem {
  const field = String(issue.path[0] ?? '');
  const value = JSON.stringify(given[field]) ?? 'nothing';
  return { field, message: `${field} ${wanted(issue)}, not ${value}.` };
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'above' : 'at least'} ${String(issue.minimum)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'below' : 'at most'} ${String(issue.maximum)}`;
    case 'invalid_type':
      return `must be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    default:
      return 'has another form';
  }
}

const KINDS: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  string: 'a text',
  array: 'a list',
};
