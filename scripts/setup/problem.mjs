/** What a person can act on: what is missing and the one thing to do. Printed without a stack. */
export class SetupProblem extends Error {
  name = 'SetupProblem';
}
