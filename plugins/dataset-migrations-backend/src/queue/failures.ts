/**
 * The message in what the library keeps of a job's last failure: a serialised
 * error, or `{ value }` for anything else, its own messages included.
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
