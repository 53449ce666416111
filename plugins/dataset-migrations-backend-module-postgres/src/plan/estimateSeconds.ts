import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { soleProjection } from '../emit/projection';
import { TableDefinition } from '../table/TableDefinition';

/**
 * Bytes of a table, indexes and TOAST included, that are copied, indexed and
 * verified in a second: cautious for two cores. A bigger server does better.
 */
const BYTES_PER_SECOND = 30e6;

/** Rows that go through JavaScript take about ten times as long. */
const AGENT_BYTES_PER_SECOND = BYTES_PER_SECOND / 10;

/** How long a plan takes, roughly, without what it waits for. */
export function estimateSeconds(
  strategy: EnginePlan['strategy'],
  mapping: Mapping,
  { bytes }: TableDefinition,
): number {
  if (strategy === 'metadata-only') {
    return 1;
  }
  const rate = soleProjection(mapping)
    ? BYTES_PER_SECOND
    : AGENT_BYTES_PER_SECOND;
  return Math.max(1, Math.ceil(bytes / rate));
}
