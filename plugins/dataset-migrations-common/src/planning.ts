/**
 * Reading contracts and making plans: what the backend, the engines and the
 * catalog module need and a browser does not.
 *
 * @packageDocumentation
 */
export * from './agents/builtInAgents';
export * from './changes/diffContracts';
export * from './compatibility/judgeConsumers';
export * from './contracts/formatFieldType';
export * from './contracts/parseContract';
export * from './contracts/versions';
export * from './entities/consumerDeclarations';
export * from './entities/datasetFromEntity';
export * from './expressions/evaluateExpression';
export * from './expressions/inspectExpression';
export * from './expressions/parseExpression';
export * from './expressions/printExpression';
export * from './plan/createPlan';
export * from './plan/parseMigrationDocument';
export * from './plan/ProposalError';
