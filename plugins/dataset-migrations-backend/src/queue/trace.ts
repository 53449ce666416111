import {
  context,
  createContextKey,
  propagation,
  ROOT_CONTEXT,
} from '@opentelemetry/api';
import { JobPayload } from './types';

/** A trace context as it travels: `traceparent` and `tracestate`, for W3C's. */
type Carrier = Record<string, string>;

/** A payload as the queue keeps it; those of an earlier release have no trace. */
export type StoredPayload = JobPayload & { trace?: Carrier };

const CARRIER = createContextKey('the trace context that a job came with');

/**
 * The payload with the trace context of who enqueues. A job that enqueues
 * another one passes on what it came with, so that all jobs of a migration are
 * side by side below the request that started it, not each below the one before.
 */
export function withTrace(payload: JobPayload): StoredPayload {
  const active = context.active();
  const carrier = (active.getValue(CARRIER) as Carrier | undefined) ?? {};
  if (!Object.keys(carrier).length) {
    propagation.inject(active, carrier);
  }
  return Object.keys(carrier).length ? { ...payload, trace: carrier } : payload;
}

/** Works on a payload in the trace that it came with, if with any. */
export function inItsTrace<T>(
  { trace: carrier, ...payload }: StoredPayload,
  work: (payload: JobPayload) => Promise<T>,
): Promise<T> {
  if (!carrier) {
    return work(payload);
  }
  const parent = propagation.extract(ROOT_CONTEXT, carrier);
  return context.with(parent.setValue(CARRIER, carrier), () => work(payload));
}
