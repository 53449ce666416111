import { ResponseError } from '@backstage/errors';

function asResponseError(error: unknown): ResponseError | undefined {
  // By name: two copies of @backstage/errors in one app have two classes.
  return error instanceof Error && error.name === 'ResponseError'
    ? (error as ResponseError)
    : undefined;
}

/** The caller lacks a permission. */
export function isForbidden(error: unknown): boolean {
  return asResponseError(error)?.statusCode === 403;
}

export function isNotFound(error: unknown): boolean {
  return asResponseError(error)?.statusCode === 404;
}

/** Somebody was faster: another migration is active, or the version moved on. */
export function isConflict(error: unknown): boolean {
  return asResponseError(error)?.statusCode === 409;
}

/** What the backend said, without the wrapping of the HTTP client. */
export function messageOf(error: unknown): string {
  const cause = asResponseError(error)?.cause;
  if (cause?.message) {
    return cause.message;
  }
  return error instanceof Error ? error.message : String(error);
}

/** What was asked cannot be done as it is described; asking again changes nothing. */
export function isInputError(error: unknown): boolean {
  const status = asResponseError(error)?.statusCode;
  return status === 400 || status === 422;
}

/** The version to give the contract instead, where its own is too low for what changed. */
export function lowestVersionOf(error: unknown): string | undefined {
  const { lowestVersion } =
    (asResponseError(error)?.body.error as { lowestVersion?: unknown }) ?? {};
  return typeof lowestVersion === 'string' ? lowestVersion : undefined;
}
