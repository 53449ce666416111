/**
 * Metrics for Prometheus and traces for OpenTelemetry, for the portal and its
 * workers.
 *
 * @packageDocumentation
 */
export { startTelemetry, type TelemetryOptions } from './startTelemetry';
