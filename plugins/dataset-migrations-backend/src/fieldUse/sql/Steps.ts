/**
 * Resolving names is done in the thread that serves requests. A text that takes very
 * many steps, as no person writes one, is given up: SQL of 256 kB can name each of a
 * thousand columns in each of a thousand queries.
 */
const MAX_STEPS = 2_000_000;

/** A text was given up. */
class TooManySteps extends Error {
  constructor(limit: number) {
    super(`its names take more than ${limit} steps to resolve`);
    this.name = 'TooManySteps';
  }
}

/** Counts what is done for one text. */
export class Steps {
  private taken = 0;

  constructor(private readonly limit = MAX_STEPS) {}

  /** @throws TooManySteps */
  take(count = 1): void {
    this.taken += count;
    if (this.taken > this.limit) {
      throw new TooManySteps(this.limit);
    }
  }
}
