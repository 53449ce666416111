/** Less than any test may take, so that a failure says what was waited for. */
const PATIENCE_MS = 50_000;

/**
 * Waits until `read` gives something other than undefined or false.
 * @throws Error saying what was waited for, when it has not after 50 seconds
 */
export async function poll<T>(
  what: string | (() => string),
  read: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) {
      return value;
    }
    if (Date.now() > deadline) {
      const awaited = typeof what === 'string' ? what : what();
      throw new Error(`Waited in vain for ${awaited}`);
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
