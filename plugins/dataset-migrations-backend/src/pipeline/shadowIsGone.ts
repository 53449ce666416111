import { RunPhase } from '@skein/backstage-plugin-dataset-migrations-node';
import { StageOutcome } from './types';

/**
 * A shadow may have been cleaned up since: a failure was retried long after,
 * somebody dropped it. Then the copying starts over.
 */
export function shadowIsGone(phase: RunPhase): StageOutcome | undefined {
  if (phase === 'none' || phase === 'cleaned-up' || phase === 'rolled-back') {
    return {
      kind: 'next',
      stage: 'lock',
      message: 'The shadow is gone; copying starts over',
    };
  }
  return undefined;
}
