/**
 * Conformance kits: what every engine, agent and notifier must pass.
 *
 * @packageDocumentation
 */
export * from './engine/types';
export { engineChecks } from './engine/checks';
export { runEngineConformance } from './engine/runEngineConformance';
