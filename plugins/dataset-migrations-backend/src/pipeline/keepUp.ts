import { PartRun } from './engineRun';
import { StageContext } from './types';

/**
 * Brings over some of what was written to objects that are copied already, while
 * others are copied or verified, so that little is left for the cut over.
 */
export async function keepUp(
  { engine }: Pick<StageContext, 'engine'>,
  copied: PartRun[],
): Promise<void> {
  for (const { run } of copied) {
    await engine.catchUp(run);
  }
}
