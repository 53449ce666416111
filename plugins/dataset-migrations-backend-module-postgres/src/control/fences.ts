import { ConflictError } from '@backstage/errors';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { setTimeout as wait } from 'timers/promises';
import { prepared } from '../connection/prepared';
import { isLockConflict } from '../connection/sqlState';
import { Session, TransactionOptions } from '../connection/Session';
import { OWN_SESSIONS } from '../connection/sessionSettings';
import { RunContext, shortHash } from '../RunContext';
import { ensureControlSchema } from './controlSchema';
import { requireOneName } from './oneName';

/** First part of the application name of every session that holds a fence. */
function sessionName(context: RunContext): string {
  return `${OWN_SESSIONS} ${shortHash(context.live)}`;
}

/**
 * Writes the run's token beside the data. A worker that holds a lower one in an
 * open transaction is in the way: its session is ended, which rolls back what
 * it had not committed; where the server does not allow that, the wait is for
 * its idle timeout.
 *
 * @throws FencedError when a higher token is there; ConflictError when the
 *   table is being migrated under another name of its database
 */
export async function writeFence(context: RunContext): Promise<void> {
  const { run, warehouse, live } = context;
  await ensureControlSchema(warehouse);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await warehouse.transaction(
        { signal: run.signal, settings: { lock_timeout: '500ms' } },
        async session => {
          await requireOneName(session, context);
          const written = await session.query(
            prepared(`INSERT INTO skein.fences AS f (place, token, migration_id) VALUES ($1, $2, $3)
             ON CONFLICT (place) DO UPDATE SET token = excluded.token,
               migration_id = excluded.migration_id, written_at = now()
             WHERE f.token <= excluded.token
             RETURNING token`),
            [live, run.fence, run.migrationId],
          );
          if (written.length === 0) {
            throw fenced(context);
          }
        },
      );
      return;
    } catch (error) {
      if (!isLockConflict(error) || attempt === 120) {
        throw error;
      }
      await endOlderSessions(context);
      await wait(100, undefined, { signal: run.signal });
    }
  }
}

/** What a transaction is named, so that a successor finds it. */
export function fencedSettings(context: RunContext): Record<string, string> {
  return {
    application_name: `${sessionName(context)} ${context.run.fence}`,
  };
}

/**
 * Runs `work` in a transaction that commits only while no higher token than the
 * run's stands beside the data: it holds a share of the fence's row, so a
 * successor's token and this commit happen one after the other (G4).
 *
 * @throws FencedError when a higher token is there
 */
export async function fencedTransaction<T>(
  context: RunContext,
  options: Omit<TransactionOptions, 'signal'>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { run, warehouse } = context;
  await ensureControlSchema(warehouse);
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await warehouse.transaction(
      {
        ...options,
        signal: run.signal,
        settings: {
          lock_timeout: '10s',
          ...options.settings,
          ...fencedSettings(context),
        },
      },
      async session => {
        if (!(await holdFence(session, context))) {
          return { behind: true as const };
        }
        return { behind: false as const, result: await work(session) };
      },
    );
    if (!outcome.behind) {
      return outcome.result;
    }
    if (attempt === 3) {
      throw unkept(context);
    }
    await writeFence(context);
  }
}

/**
 * Holds the fences of further tables that one transaction writes.
 *
 * @throws FencedError when a higher token is at one of them
 */
export async function holdFences(
  session: Session,
  contexts: RunContext[],
): Promise<void> {
  for (const context of contexts) {
    if (!(await holdFence(session, context))) {
      throw unkept(context);
    }
  }
}

/**
 * @returns false when the run's token is not there yet
 * @throws FencedError when a higher one is
 */
async function holdFence(
  session: Session,
  context: RunContext,
): Promise<boolean> {
  const { run, live } = context;
  const [fence] = await session.query(
    prepared(`SELECT token FROM skein.fences WHERE place = $1 FOR SHARE`),
    [live],
  );
  if (fence && Number(fence.token) > run.fence) {
    throw fenced(context);
  }
  return fence !== undefined && Number(fence.token) === run.fence;
}

function unkept({ run }: RunContext): ConflictError {
  return new ConflictError(
    `The fence of ${run.location.display} does not keep the token ${run.fence}`,
  );
}

function fenced({ run }: RunContext): FencedError {
  return new FencedError(
    `Another worker took ${run.location.display} over; the token ${run.fence} of migration ${run.migrationId} may not write any more`,
  );
}

async function endOlderSessions(context: RunContext): Promise<void> {
  const { run, warehouse } = context;
  try {
    await warehouse.control(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND application_name LIKE $1 || ' %'
         AND split_part(application_name, ' ', 3) ~ '^[0-9]+$'
         AND split_part(application_name, ' ', 3)::numeric < $2`,
      [sessionName(context), run.fence],
    );
  } catch (error) {
    run.logger.warn(
      `The session of an earlier worker on ${run.location.display} may not be ended by this role, so its timeout is awaited: ${error}`,
    );
  }
}
