/**
 * For the tests of engines: expressions that every engine computes alike.
 *
 * @packageDocumentation
 */
export * from './testUtils/expressionCases';
