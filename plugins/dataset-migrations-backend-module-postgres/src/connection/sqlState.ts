import { StatementError } from './StatementError';

/** The SQLSTATE of a statement that PostgreSQL refused, undefined for any other error. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof StatementError ? error.code : undefined;
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
