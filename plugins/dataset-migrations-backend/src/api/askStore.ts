import { assertError } from '@backstage/errors';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { locationsOf } from '../database/locations';
import { DatasetRecord } from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { withoutSecrets } from '../secrets/withoutSecrets';

/** How long a page waits for the store. */
const PATIENCE_MS = 5_000;

/**
 * What the store says about the version, and where that is not what the plugin
 * says; or why it cannot be asked. Takes no longer than `signal` lets it: the
 * page has more to show than this. Of several objects, the first one that says
 * something else is told of.
 */
export async function askStore(
  engines: Pick<EngineRegistry, 'get'>,
  { location, furtherLocations, currentVersion }: DatasetRecord,
  signal: AbortSignal = AbortSignal.timeout(PATIENCE_MS),
): Promise<StoreAnswer> {
  if (!location) {
    return {};
  }
  const answers = await Promise.all(
    locationsOf({ location, furtherLocations }).map(place =>
      askPlace(engines, place, currentVersion, signal),
    ),
  );
  return answers.find(({ drift }) => drift !== undefined) ?? answers[0];
}

interface StoreAnswer {
  recordedVersion?: string;
  drift?: string;
}

async function askPlace(
  engines: Pick<EngineRegistry, 'get'>,
  location: Location,
  currentVersion: string | undefined,
  signal: AbortSignal,
): Promise<StoreAnswer> {
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
