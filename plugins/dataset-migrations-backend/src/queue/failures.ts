import { isError } from '@backstage/errors';
import { withoutSecrets } from '../secrets/withoutSecrets';

/**
 * What is kept of a job's failure. The library would keep all that the error has: its
 * stack, its cause, what a driver puts on it.
 */
export function toFailure(error: unknown): { name: string; message: string } {
  const { name, message } = isError(error)
    ? error
    : { name: 'Error', message: String(error) };
  return { name, message: withoutSecrets(message) };
}

/**
 * The message in what is kept of a job's last failure: by {@link toFailure}, or by the
 * library itself, which has `{ value }` for what is no error.
 */
export function describeFailure(output: unknown): string {
  if (typeof output === 'object' && output !== null) {
    const { message, value } = output as { message?: unknown; value?: unknown };
    if (typeof message === 'string') {
      return message;
    }
    if (value !== undefined) {
      return describeFailure(value);
    }
  }
  return typeof output === 'string'
    ? output
    : 'The job failed without a message';
}
