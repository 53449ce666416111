import { DeliveryRecord } from './DeliveryStore';
import { Sender, UnreachableError } from './senders';

/**
 * One attempt that ends within the sender's time, or when `signal` aborts, whether
 * the sender heeds that or not: a slot never waits for who does not answer.
 *
 * @throws what the sender throws; the reason of `signal`
 */
export async function sendInTime(
  sender: Sender,
  delivery: DeliveryRecord,
  signal: AbortSignal,
): Promise<{ status?: number } | void> {
  const timeout = AbortSignal.timeout(sender.timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  let abandon = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abandon = () => reject(either.reason);
    either.addEventListener('abort', abandon);
  });
  try {
    either.throwIfAborted();
    return await Promise.race([sender.send(delivery, either), aborted]);
  } catch (error) {
    if (timeout.aborted && !signal.aborted) {
      throw new UnreachableError(
        `No answer within ${sender.timeoutMs / 1000} seconds`,
      );
    }
    throw error;
  } finally {
    either.removeEventListener('abort', abandon);
  }
}
