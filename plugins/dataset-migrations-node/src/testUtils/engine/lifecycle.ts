import assert from 'node:assert/strict';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChunkResult, Engine, EngineRun } from '../../engine/types';

/** More calls than any engine needs for the kit's few rows. */
const MAX_CALLS = 1_000;

/** Copies what is left; gives the results in their order. */
export async function copyAll(
  engine: Engine,
  run: EngineRun,
): Promise<ChunkResult[]> {
  const results: ChunkResult[] = [];
  while (results.length < MAX_CALLS) {
    const result = await engine.copyChunk(run);
    results.push(result);
    if (result.done) {
      return results;
    }
  }
  return assert.fail(`copyChunk is not done after ${MAX_CALLS} calls`);
}

/** From the fence to a complete copy. */
export async function copyWhole(engine: Engine, run: EngineRun): Promise<void> {
  await engine.fence(run);
  await engine.prepare(run);
  await copyAll(engine, run);
}

export async function verifyOk(
  engine: Engine,
  run: EngineRun,
): Promise<VerificationReport> {
  const report = await engine.verify(run);
  assert.ok(
    report.ok,
    `verification failed: ${JSON.stringify(
      [report.mismatches, report.contractChecks.filter(check => !check.ok)],
      undefined,
      1,
    )}`,
  );
  return report;
}

/** Everything up to the cut over. */
export async function migrate(engine: Engine, run: EngineRun): Promise<void> {
  await copyWhole(engine, run);
  await verifyOk(engine, run);
  await engine.cutOver(run);
}

/**
 * What another worker does with a migration that it finds: it takes the fence
 * and goes on from the phase beside the data.
 */
export async function takeOver(engine: Engine, run: EngineRun): Promise<void> {
  await engine.fence(run);
  const phase = await engine.phase(run);
  if (phase === 'none' || phase === 'prepared' || phase === 'copied') {
    await engine.prepare(run);
    await copyAll(engine, run);
    await verifyOk(engine, run);
  }
  await engine.cutOver(run);
}
