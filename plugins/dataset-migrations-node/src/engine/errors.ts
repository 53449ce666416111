import { CustomErrorBase } from '@backstage/errors';

/**
 * A higher fence stands beside the data: another worker took over, and this
 * one must not write any more (G4). Never retried by the worker that sees it.
 *
 * @public
 */
export class FencedError extends CustomErrorBase {
  name = 'FencedError' as const;
}

/**
 * The source was written while it was migrated. The migration fails clean; a
 * retry starts it from the lock.
 *
 * @public
 */
export class SourceChangedError extends CustomErrorBase {
  name = 'SourceChangedError' as const;
}

/**
 * The target is not the source pushed through the mapping, or breaks its
 * contract (G5).
 *
 * @public
 */
export class VerificationError extends CustomErrorBase {
  name = 'VerificationError' as const;
}
