/**
 * Waits until `read` gives something other than undefined or false.
 * @throws Error naming `what` when it has not after 30 seconds
 */
export async function poll<T>(
  what: string,
  read: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) {
      return value;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited in vain for ${what}`);
    }
    await new Promise(resolve => setTimeout(resolve, 25));
  }
}
