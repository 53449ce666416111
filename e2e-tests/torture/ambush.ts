import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Names the file in which the harness says where a worker shall die. */
export const ambushEnvironment = 'SKEIN_TORTURE_AMBUSH';

/** What befalls the first worker that reaches a point. */
export interface Ambush {
  /** As in checkpointMoments of the backend: `transform:chunk`. */
  point: string;
  signal: 'SIGKILL' | 'SIGSTOP';
  /** Lets this many pass first. */
  skip?: number;
}

/**
 * A place where workers of `worker.ts` look at every checkpoint. Whoever takes
 * the file away first is the one, so an ambush befalls one worker once.
 */
export function ambushes(dir: string) {
  const folder = join(dir, `ambush-${randomUUID()}`);
  const file = `${folder}.json`;
  return {
    env: { [ambushEnvironment]: file },
    set: (ambush: Ambush) => writeFileSync(file, JSON.stringify(ambush)),
    clear: () => rmSync(file, { force: true }),
  };
}
