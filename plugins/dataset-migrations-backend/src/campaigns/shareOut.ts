/**
 * Shares out room among campaigns: who has least in flight comes first, and what
 * one leaves over is the others'.
 *
 * @param options.room - how much there is; none where it is negative
 * @param options.take - lets one take up to `share`, says how much it took, and
 *   is called for each, as some have other things to do
 */
export async function shareOut<T>(
  campaigns: T[],
  options: {
    room: number;
    inFlight(campaign: T): number;
    take(campaign: T, share: number): Promise<number>;
  },
): Promise<void> {
  const { inFlight, take } = options;
  let left = Math.max(options.room, 0);
  const ordered = [...campaigns].sort((a, b) => inFlight(a) - inFlight(b));
  for (const [index, campaign] of ordered.entries()) {
    left -= await take(campaign, Math.ceil(left / (ordered.length - index)));
  }
}
