import { CustomErrorBase } from '@backstage/errors';

/** This worker stops; the job goes back to the queue as it was. */
export class ShutdownError extends CustomErrorBase {
  name = 'ShutdownError' as const;
}

/** The queue gave the job to another worker, which took this one for dead. */
export class ClaimLostError extends CustomErrorBase {
  name = 'ClaimLostError' as const;
}
