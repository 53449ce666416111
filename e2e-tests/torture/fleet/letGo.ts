import { eventually } from '../../../scripts/lib/eventually';
import { ChaosWorld } from './chaosWorld';

/**
 * Lets go on who was paused, and returns when nobody has a job any more that
 * could still change something (G4).
 */
export async function letGo({ fleet, client }: ChaosWorld): Promise<void> {
  await fleet.complete();
  const resumed = Date.now();
  await eventually('the workers have let go of their jobs', async () => {
    const { workers } = await client.getQueueStatus();
    return fleet
      .ready('worker')
      .every(({ process: { pid } }) =>
        workers.some(
          worker =>
            worker.pid === pid &&
            worker.running === 0 &&
            Date.parse(worker.lastSeenAt) > resumed,
        ),
      );
  });
}
