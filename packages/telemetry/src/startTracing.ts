import { NodeSDK } from '@opentelemetry/sdk-node';

/** Sends spans as OpenTelemetry's environment variables say. */
export function startTracing(serviceName: string): void {
  new NodeSDK({ serviceName }).start();
}
