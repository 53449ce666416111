import { CustomErrorBase } from '@backstage/errors';

/** The right to write some physical locations, until `token` is outbid. */
export interface Lease {
  locationKeys: string[];
  /** Grows with every holder; written beside the data as the fence (G4). */
  token: number;
}

/** Another migration holds the location; it ends by itself, so try again. */
export class LeaseHeldError extends CustomErrorBase {
  name = 'LeaseHeldError' as const;
}

/** How long a holder that gives no sign of life keeps others out. */
export const LEASE_SECONDS = 30;
