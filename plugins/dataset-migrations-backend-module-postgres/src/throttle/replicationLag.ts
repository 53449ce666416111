import { ThrottleLimits } from './Limits';
import { Load } from './readLoad';

/** Whether a standby is too far behind, and which, as a sentence. */
export function replicationLag(
  { standby }: Load,
  { replicationLagSeconds }: ThrottleLimits,
): string | undefined {
  if (!standby || standby.secondsBehind <= replicationLagSeconds) {
    return undefined;
  }
  const { name, secondsBehind, bytesBehind } = standby;
  return `the standby \`${name}\` is ${Math.round(
    secondsBehind,
  )} s (${Math.ceil(
    bytesBehind / 2 ** 20,
  )} MB) behind, more than ${replicationLagSeconds} s`;
}
