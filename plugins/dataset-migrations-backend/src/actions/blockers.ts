import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { Zod } from './types';

/** A dataset may have thousands of consumers; an agent reads no such list. */
const MAX_BLOCKERS = 20;

/** Consumers that block, as the actions output them. */
export function blockersOutput(z: Zod) {
  return {
    blockedBy: z
      .array(
        z.object({
          consumerRef: z.string().describe('Entity ref of the consumer'),
          owner: z
            .string()
            .describe('Entity ref of who can change it')
            .optional(),
          constraint: z
            .string()
            .describe('The range of versions that it accepts')
            .optional(),
          verdict: z.enum(['ready', 'breaks', 'unknown']),
          reasons: z.array(z.string()),
        }),
      )
      .describe(
        `Consumers that would break, or of which that is not known; the first ${MAX_BLOCKERS}`,
      ),
    blockedByCount: z.number().int().describe('How many there are'),
  };
}

export function toBlockers(verdicts: ConsumerVerdict[]) {
  const blocking = verdicts.filter(verdict => verdict.blocking);
  return {
    blockedBy: blocking
      .slice(0, MAX_BLOCKERS)
      .map(({ consumer, verdict, reasons }) => ({
        consumerRef: consumer.entityRef,
        owner: consumer.owner,
        constraint: consumer.constraint,
        verdict,
        reasons,
      })),
    blockedByCount: blocking.length,
  };
}
