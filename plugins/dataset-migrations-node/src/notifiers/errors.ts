import { CustomErrorBase } from '@backstage/errors';

/**
 * Another attempt at this very announcement is pointless: a notifier that throws it
 * is not asked again, and what waits behind the announcement goes on. Whatever is
 * wrong with all of them (a key, a permission, an address) is none of its kind: that is
 * mended while they are tried again.
 *
 * @public
 */
export class UndeliverableError extends CustomErrorBase {
  name = 'UndeliverableError' as const;

  /** @param status - that the receiver answered, where it speaks HTTP */
  constructor(message: string, readonly status?: number) {
    super(message);
  }
}
