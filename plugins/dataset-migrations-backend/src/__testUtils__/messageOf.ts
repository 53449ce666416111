/**
 * The message of what `act` throws.
 * @throws Error when it throws nothing
 */
export function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('It was not refused');
}
