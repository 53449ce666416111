/**
 * The SQLSTATE of an error of PostgreSQL, undefined for any other error.
 * See "PostgreSQL Error Codes", appendix A of its manual.
 */
export function sqlStateOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)
    ? code
    : undefined;
}

/** `query_canceled`. */
export function isCancelled(error: unknown): boolean {
  return sqlStateOf(error) === '57014';
}

/** `lock_not_available`: what `lock_timeout` raises; `deadlock_detected`. */
export function isLockConflict(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === '55P03' || state === '40P01';
}

/** Class 22, `data exception`: a value that an expression or a type refuses. */
export function isDataException(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('22') ?? false;
}

/** Class 23, `integrity constraint violation`. */
export function isConstraintViolation(error: unknown): boolean {
  return sqlStateOf(error)?.startsWith('23') ?? false;
}
