/**
 * Conformance kits: what every engine, agent and notifier must pass.
 *
 * @packageDocumentation
 */
export {};
