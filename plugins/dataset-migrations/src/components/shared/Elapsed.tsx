import { formatSeconds, secondsBetween } from '../../format/durations';
import { useNow } from '../../hooks/useNow';

/** How long something took, or has been taking; ticks until it ends. */
export function Elapsed(props: { from?: string; to?: string }) {
  const { from, to } = props;
  const now = useNow(from !== undefined && to === undefined);
  const seconds = secondsBetween(from, to, now);
  return <>{seconds === undefined ? '–' : formatSeconds(seconds)}</>;
}
