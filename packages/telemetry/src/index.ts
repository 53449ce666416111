/**
 * Metrics for Prometheus, traces for OpenTelemetry and the log, for the portal
 * and its workers.
 *
 * @packageDocumentation
 */
export { startTelemetry, type TelemetryOptions } from './startTelemetry';
export { rootLoggerFrom } from './rootLogger';
