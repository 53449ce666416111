/**
 * For tests: expressions that every engine computes alike, and such that none
 * ever sees.
 *
 * @packageDocumentation
 */
export * from './testUtils/expressionCases';
export * from './testUtils/expressionEdges';
export * from './testUtils/hostileExpressions';
