import { EnginePlanSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';

export function toEnginePlanSummary(
  engine: string,
  plan: EnginePlan,
): EnginePlanSummary {
  const { strategy, rows, bytes, chunks, seconds, diskBytes, locks } = plan;
  const { notes, refusals } = plan;
  return {
    engine,
    strategy,
    rows,
    bytes,
    chunks,
    seconds,
    diskBytes,
    locks,
    notes,
    refusals,
  };
}
