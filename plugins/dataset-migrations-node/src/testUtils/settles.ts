/**
 * Waits for a call, but not for ever: a call that never ends must not keep a
 * kit from ending.
 *
 * @param patience - in milliseconds
 * @returns how it ended, or `undefined` when it did not
 */
export async function settled<T>(
  call: Promise<T>,
  patience: number,
): Promise<PromiseSettledResult<T> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const lost = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), patience);
  });
  const outcome = Promise.allSettled([call]).then(([result]) => result);
  try {
    return await Promise.race([lost, outcome]);
  } finally {
    clearTimeout(timer);
  }
}
