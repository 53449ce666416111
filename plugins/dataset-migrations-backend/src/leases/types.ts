import { CustomErrorBase } from '@backstage/errors';

/** What names a lease. */
export interface LeaseToken {
  locationKeys: string[];
  /** Grows with every holder; written beside the data as the fence (G4). */
  token: number;
}

/** The right to write some physical locations, until its token is outbid. */
export interface Lease extends LeaseToken {
  /** When this process took or renewed it last, by `performance.now()`. */
  renewedAt: number;
}

/** Another migration holds the location; it ends by itself, so try again. */
export class LeaseHeldError extends CustomErrorBase {
  name = 'LeaseHeldError' as const;
}

/** How long a holder that gives no sign of life keeps others out. */
export const LEASE_SECONDS = 30;

/** Whether nobody else can have taken it since: it has not lapsed yet. */
export function isSurelyHeld({ renewedAt }: Lease): boolean {
  return performance.now() - renewedAt < LEASE_SECONDS * 1000;
}
