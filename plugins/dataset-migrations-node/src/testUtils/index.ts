/**
 * Conformance kits: what every engine, agent and notifier must pass.
 *
 * @packageDocumentation
 */
export * from './agent/types';
export { agentConformanceChecks } from './agent/agentChecks';
export { runAgentConformance } from './agent/runAgentConformance';
export * from './alterations';
export * from './engine/types';
export { engineChecks } from './engine/checks';
export { runEngineConformance } from './engine/runEngineConformance';
export { mockLogger } from './mockLogger';
export * from './notifier/types';
export { notifierConformanceChecks } from './notifier/notifierChecks';
export { runNotifierConformance } from './notifier/runNotifierConformance';
