import { datasetRefInput, idempotencyKeyInput } from './inputs';
import { Zod } from './types';

/** More do not fit into what the registry takes for a request. */
const MAX_DATASETS = 2_000;
const MAX_COUNT = 100_000;

/** `CreateCampaignRequest`, as openapi.yaml has it. */
export function campaignInputs(z: Zod) {
  const count = () => z.number().int().min(1).max(MAX_COUNT);
  const rate = () => z.number().min(0).max(1);
  const text = (max: number) =>
    z
      .string()
      .max(max)
      .regex(/^[^\0]*$/, 'must not contain a NUL character');
  return {
    title: text(200).min(1).describe('What people see it as'),
    description: text(5_000).describe('Why it is done').optional(),
    selection: selection(z, text).describe(
      'Which datasets: exactly one of datasets, filter and query',
    ),
    targetVersion: z
      .string()
      .min(1)
      .max(100)
      .describe(
        'A version, or a range of which each dataset gets the highest that it has: 2.x. Default: the next version of each',
      )
      .optional(),
    policy: z
      .enum(['switch', 'coexist', 'proposed'])
      .describe(
        'As of one migration; proposed takes coexist for each dataset of which a consumer would break, and else switch. Default: switch',
      )
      .optional(),
    limits: z
      .object({
        batchSize: z.number().int().min(1).max(1_000).optional(),
        maxInFlight: count().optional(),
        startsPerMinute: count().optional(),
        maxInFlightPerConnection: count().optional(),
        maxInFlightPerOwner: count().optional(),
      })
      .strict()
      .describe(
        'How much runs at a time. Default: batches of 100, 1000 in flight',
      )
      .optional(),
    waves: z
      .object({
        canary: count().describe('Datasets of the first wave'),
        shares: z
          .array(rate())
          .max(20)
          .describe('How much is done after each wave that follows, rising'),
        maxFailureRate: rate().describe('A wave with more pauses it'),
      })
      .strict()
      .describe('Share by share, each after the one before has ended')
      .optional(),
    windows: z
      .array(
        z
          .object({
            days: z
              .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
              .min(1)
              .max(7)
              .optional(),
            from: z.string().max(5).describe('HH:MM'),
            to: z.string().max(5).describe('HH:MM'),
            timeZone: z.string().max(100).describe('IANA name: Europe/Berlin'),
          })
          .strict(),
      )
      .max(20)
      .describe('When migrations may start. Default: at any time')
      .optional(),
    stop: z
      .object({ failures: count().optional(), failureRate: rate().optional() })
      .strict()
      .describe('When it pauses by itself; whichever is reached first')
      .optional(),
    timeoutMinutes: count()
      .describe('Cancels a migration that takes longer; it counts as failed')
      .optional(),
    autoStart: z
      .boolean()
      .describe(
        'Migrates by itself after the dry run. Default: false, so that somebody looks at the dry run first',
      )
      .optional(),
    idempotencyKey: idempotencyKeyInput(z).optional(),
  };
}

function selection(z: Zod, text: (max: number) => ReturnType<Zod['string']>) {
  const filter = z.record(z.union([z.string(), z.array(z.string())]));
  return z
    .object({
      datasets: z
        .array(datasetRefInput(z))
        .min(1)
        .max(MAX_DATASETS)
        .describe('Entity refs')
        .optional(),
      filter: z
        .union([filter, z.array(filter).min(1).max(20)])
        .describe(
          'A filter of the catalog, as its API takes it: { "spec.owner": "group:default/flight-data" }',
        )
        .optional(),
      query: z
        .object({
          search: text(200).optional(),
          owner: text(200).optional(),
          engine: text(100).optional(),
          status: z.literal('upgradable').optional(),
        })
        .strict()
        .describe('The filters of the list of datasets')
        .optional(),
    })
    .strict();
}
