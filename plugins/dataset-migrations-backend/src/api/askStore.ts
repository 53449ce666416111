import { assertError } from '@backstage/errors';
import { DatasetRecord } from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { withoutSecrets } from '../pipeline/failures';

/** How long a page waits for the store. */
const PATIENCE_MS = 5_000;

/**
 * What the store says about the version, and where that is not what the plugin
 * says; or why it cannot be asked. Takes no longer than `signal` lets it: the
 * page has more to show than this.
 */
export async function askStore(
  engines: Pick<EngineRegistry, 'get'>,
  { location, currentVersion }: DatasetRecord,
  signal: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
): Promise<{ recordedVersion?: string; drift?: string }> {
  if (!location) {
    return {};
  }
  const { display } = location;
  try {
    const inspection = await Promise.race([
      engines.get(location.engine).inspect(location),
      aborted(signal),
    ]);
    if (inspection === undefined) {
      return { drift: `${display} could not be asked: it takes too long` };
    }
    const { exists, recordedVersion } = inspection;
    if (!exists) {
      return { drift: `There is no data at ${display}` };
    }
    const drift =
      recordedVersion !== undefined && recordedVersion !== currentVersion
        ? `${display} records version ${recordedVersion}, the plugin ${
            currentVersion ?? 'none'
          }`
        : undefined;
    return { recordedVersion, drift };
  } catch (error) {
    assertError(error);
    return {
      drift: `${display} could not be asked: ${withoutSecrets(error.message)}`,
    };
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise(resolve => {
    const give = () => resolve(undefined);
    if (signal.aborted) {
      give();
    }
    signal.addEventListener('abort', give, { once: true });
  });
}
