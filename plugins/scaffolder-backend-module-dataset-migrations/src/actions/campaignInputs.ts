import type { z as Zod } from 'zod/v3';

/** `CreateCampaignRequest` for steps; the backend says what it may not be. */
export const campaignInputs = {
  title: (z: typeof Zod) => z.string().describe('What people see it as'),
  description: (z: typeof Zod) =>
    z.string().describe('Why it is done').optional(),
  selection: (z: typeof Zod) =>
    z
      .object({
        datasets: z.array(z.string()).optional(),
        filter: z.any().optional(),
        query: z
          .object({
            search: z.string().optional(),
            owner: z.string().optional(),
            engine: z.string().optional(),
            status: z.literal('upgradable').optional(),
          })
          .strict()
          .optional(),
      })
      .strict()
      .describe(
        'Which datasets: exactly one of `datasets` (entity refs), `filter` (of the catalog) and `query` (search, owner, engine, status)',
      ),
  targetVersion: (z: typeof Zod) =>
    z
      .string()
      .describe(
        'A version, or a range of which each dataset gets the highest that it has: 2.x. The next version of each by default',
      )
      .optional(),
  policy: (z: typeof Zod) =>
    z
      .enum(['switch', 'coexist', 'proposed'])
      .describe(
        'switch: new versions take the place of old ones (default). coexist: they are published beside them. proposed: beside them where a consumer would break',
      )
      .optional(),
  limits: (z: typeof Zod) =>
    z
      .object({
        batchSize: z.number().optional(),
        maxInFlight: z.number().optional(),
        startsPerMinute: z.number().optional(),
        maxInFlightPerConnection: z.number().optional(),
        maxInFlightPerOwner: z.number().optional(),
      })
      .strict()
      .describe('How much runs at a time')
      .optional(),
  waves: (z: typeof Zod) =>
    z
      .object({
        canary: z.number(),
        shares: z.array(z.number()),
        maxFailureRate: z.number(),
      })
      .strict()
      .describe('Share by share, each after the one before has ended')
      .optional(),
  windows: (z: typeof Zod) =>
    z
      .array(
        z
          .object({
            days: z
              .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
              .optional(),
            from: z.string(),
            to: z.string(),
            timeZone: z.string(),
          })
          .strict(),
      )
      .describe('When migrations may start; at any time by default')
      .optional(),
  stop: (z: typeof Zod) =>
    z
      .object({
        failures: z.number().optional(),
        failureRate: z.number().optional(),
      })
      .strict()
      .describe('When it pauses by itself')
      .optional(),
  timeoutMinutes: (z: typeof Zod) =>
    z.number().describe('Cancels a migration that takes longer').optional(),
};
