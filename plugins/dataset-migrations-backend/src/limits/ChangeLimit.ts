import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequestsError } from './TooManyRequestsError';

const KEY = 'datasetMigrations.rateLimit.changesPerMinute';

/** Who changes things all day does not get there; a script that runs wild does. */
const CHANGES_PER_MINUTE = 600;

/**
 * How much a caller may change within a minute, or have computed: of requests and of
 * actions together. Each replica counts for itself.
 */
export class ChangeLimit {
  private readonly limiter: RateLimiterMemory;

  constructor(private readonly perMinute: number) {
    this.limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  }

  /**
   * `datasetMigrations.rateLimit` of the configuration.
   *
   * @throws InputError naming the key and the value that cannot be used
   */
  static fromConfig(config: Config): ChangeLimit {
    const perMinute = config.getOptionalNumber(KEY) ?? CHANGES_PER_MINUTE;
    if (!Number.isInteger(perMinute) || perMinute < 1) {
      throw new InputError(
        `${KEY} must be a whole number of at least 1, not ${perMinute}`,
      );
    }
    return new ChangeLimit(perMinute);
  }

  /**
   * Counts one change of a caller.
   *
   * @param subject - entity ref of a user, or the subject of a service
   * @param about - has a count of its own
   * @throws TooManyRequestsError
   */
  async count(subject: string, about = ''): Promise<void> {
    try {
      await this.limiter.consume(JSON.stringify([subject, about]));
    } catch (error) {
      if (error instanceof RateLimiterRes) {
        throw new TooManyRequestsError(
          `${subject} made ${this.perMinute} requests within a minute that change something or have it computed`,
          Math.ceil(error.msBeforeNext / 1000),
        );
      }
      throw error;
    }
  }
}
