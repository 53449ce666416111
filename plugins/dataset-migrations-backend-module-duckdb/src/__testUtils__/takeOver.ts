import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { DuckDbEngine } from '../DuckDbEngine';

/** What a worker does with a migration that it finds: it goes on to the cut over. */
export async function takeOver(
  engine: DuckDbEngine,
  run: EngineRun,
): Promise<void> {
  await engine.fence(run);
  if ((await engine.phase(run)) !== 'cut-over') {
    await engine.prepare(run);
    for (let done = false; !done; ) {
      ({ done } = await engine.copyChunk(run));
    }
    const report = await engine.verify(run);
    if (!report.ok) {
      throw new Error(JSON.stringify(report.mismatches));
    }
  }
  await engine.cutOver(run);
}
