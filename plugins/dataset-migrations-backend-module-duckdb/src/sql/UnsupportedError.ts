import { InputError } from '@backstage/errors';

/**
 * An expression or type that DuckDB would compute differently from what the
 * tree means. Becomes a refusal of the plan.
 */
export class UnsupportedError extends InputError {}
