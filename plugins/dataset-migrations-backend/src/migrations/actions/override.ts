import { InputError } from '@backstage/errors';
import { MigrationRecord } from '../../database/MigrationRecord';
import { Initiator } from '../../permissions/initiators';
import { blockers } from '../../planning/judge';
import { changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/**
 * Goes on although the consumers that block now would break; one that comes
 * later blocks again (G6). Works for a blocked cut over and a refused
 * retirement.
 *
 * @throws InputError without a reason
 */
export async function overrideMigration(
  deps: ActionDependencies,
  id: string,
  options: { by: Initiator; reason: string },
): Promise<MigrationRecord> {
  const { by } = options;
  const reason = options.reason.trim();
  if (!reason) {
    throw new InputError(`reason must say why, it was '${options.reason}'`);
  }
  return changeMigration(deps, { id, action: 'override', by }, record => {
    const consumers = blockers(record.verdicts ?? []).map(
      ({ consumer }) => consumer.entityRef,
    );
    return {
      patch: {
        ...(record.state === 'blocked' && { state: 'queued' }),
        error: null,
        override: {
          by: by.subject,
          reason,
          at: new Date().toISOString(),
          consumers,
        },
      },
      stages: record.stage && [record.stage],
      message: `Overrode ${consumers.join(', ') || 'nobody'}: ${reason}`,
    };
  });
}
