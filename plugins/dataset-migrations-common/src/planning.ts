/**
 * Reading contracts and making plans: what the backend, the engines and the
 * catalog module need and a browser does not.
 *
 * @packageDocumentation
 */
export * from './agents/builtInAgents';
export * from './changes/diffContracts';
export * from './changes/grades';
export * from './compatibility/answers';
export * from './compatibility/compareContracts';
export * from './compatibility/judgeConsumers';
export { withFieldUse } from './compatibility/evidence';
export type { FoundFieldUse } from './compatibility/evidence';
export * from './contracts/formatFieldType';
export { fieldsInside } from './contracts/nestedFields';
export { pairObjects } from './contracts/pairObjects';
export { parseContract, validateContract } from './contracts/parseContract';
export * from './contracts/physicalTypes';
export * from './contracts/readComparableContract';
export * from './contracts/versions';
export { compileJsonSchema } from './documents/jsonSchema';
export type { JsonSchemaCheck } from './documents/jsonSchema';
export { formatProblem } from './documents/problems';
export { readYaml } from './documents/readYaml';
export type { ReadResult } from './documents/readYaml';
export type { DocumentProblem } from './documents/problems';
export * from './entities/catalogChanges';
export * from './entities/consumerDeclarations';
export * from './entities/datasetFromEntity';
export { MIGRATION_WINDOWS } from './entities/migrationWindows';
export * from './expressions/evaluate/evaluateExpression';
export {
  exprFields,
  isNullable,
  operandsOf,
} from './expressions/inspectExpression';
export { castRule } from './expressions/castRule';
export type { CastRule } from './expressions/castRule';
export { expressionFunctions } from './expressions/functions/registry';
export type { ExpressionFunction } from './expressions/functions/types';
export * from './expressions/parseExpression';
export { initPlanning } from './expressions/parser/sqlParser';
export * from './expressions/printExpression';
export * from './expressions/textPatterns';
export * from './plan/createPlan';
export * from './plan/planParts';
export * from './plan/parseMigrationDocument';
export * from './plan/ProposalError';
export { checkRoundTrip, fieldsBroughtBack } from './plan/roundTrip';
export { contractRules } from './rules/contractRules';
export { checkContractRules } from './rules/checkContractRules';
export { isBrokenByOneRow } from './rules/isBrokenByOneRow';
export type { RowMeasurer } from './rules/checkContractRules';
export { bumpFor, requiredBump } from './plan/versionBump';
export * from './plan/VersionTooLowError';
