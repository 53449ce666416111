import { ServiceUnavailableError } from '@backstage/errors';
import { DatabaseError } from 'pg';

/** How the driver says so itself. */
const LOST = /^Connection terminated|not queryable/;

/**
 * What is the matter with a connection, by the code that the operating system,
 * TLS or PostgreSQL gives it, or by the driver's message where there is none.
 */
const troubles: Array<[RegExp, string]> = [
  [/^ECONNREFUSED$/, 'its server does not accept connections'],
  [/^(ENOTFOUND|EAI_)/, "its server's name cannot be resolved"],
  [/^(EHOSTUNREACH|ENETUNREACH|ENOENT)$/, 'its server cannot be reached'],
  [/^ETIMEDOUT$|\btimeout\b/, 'its server did not answer in time'],
  [
    /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|\bSSL\b/,
    'it cannot be encrypted as configured',
  ],
  [/^28|\bSASL\b|\bpassword\b/, 'its server refuses the configured login'],
  [/^42501$/, 'its user may not connect to the database'],
  [/^3D000$/, 'its database does not exist'],
  [/^53300$/, 'its server has too many connections'],
  [/^57P03$/, 'its server is starting up or shutting down'],
  [/^(57P0\d|ECONNRESET|EPIPE)$/, 'the connection was lost'],
  [LOST, 'the connection was lost'],
];

/**
 * Says of a connection that it could not be made, or was lost, by the name that
 * the operator gave it. Hosts, ports, users and databases, which the driver's
 * messages hold, stay out of it (G11), and so does the cause, which would be
 * kept with the job. It is none of the errors that fail a migration for good.
 */
export function unavailable(
  connection: string,
  error: unknown,
): ServiceUnavailableError {
  const { code, message } = error as { code?: unknown; message?: string };
  const said = typeof code === 'string' ? code : String(message);
  const trouble =
    troubles.find(([pattern]) => pattern.test(said))?.[1] ??
    'it cannot be made';
  return new ServiceUnavailableError(
    `The connection ${connection} is not available: ${trouble}`,
  );
}

/**
 * Whether a statement failed as its connection was lost, not by what it says:
 * `57P01` to `57P05` end a session, all else that the server says does not; an
 * error with a code that is not the server's comes from the socket.
 */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof DatabaseError) {
    return /^57P0\d$/.test(error.code ?? '');
  }
  const { code, message } = error as { code?: unknown; message?: string };
  return (
    (typeof code === 'string' && !(error instanceof TypeError)) ||
    LOST.test(message ?? '')
  );
}
