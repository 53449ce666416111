import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  datasetReadPermission,
  lineageReportPermission,
  LineageResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetTables } from '../fieldUse/datasetTables';
import { matchOutputs, RunOutput } from '../fieldUse/lineage/matchOutputs';
import { matchRun, RunFieldUse } from '../fieldUse/lineage/matchRun';
import { readRunEvent, runOf } from '../fieldUse/lineage/readRunEvent';
import { mayReport } from '../fieldUse/lineage/reporters';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  refInPath,
} from './ApiContext';

/** Datasets of one entity that an event may name; of more it is not known which. */
const MAX_DATASETS = 500;

/** What runs of a consumer's jobs say that they read, and what they make of it. */
export function addLineageRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, consumers, datasets, fieldUse, directory } = context;

  router.post('/consumers/:kind/:namespace/:name/lineage', async (req, res) => {
    const credentials = await callerOf(context, req);
    const consumerRef = refInPath(req.params);
    const answer = await audited(
      context,
      {
        eventId: 'lineage-report',
        request: req,
        meta: { consumerRef, ...runOf(req.body) },
      },
      async () => {
        await authorizer.requireBasic(credentials, lineageReportPermission);
        requireReporter(context, credentials, { consumerRef });
        const event = readRunEvent(req.body);
        const { namespace, silent } = event;
        requireReporter(context, credentials, { consumerRef, namespace });
        const consumed = await consumers.ofEntity(consumerRef, MAX_DATASETS);
        if (consumed.length === 0) {
          throw new NotFoundError(
            `'${consumerRef}' is not a consumer of any dataset`,
          );
        }
        const found = await datasets.findAll(
          consumed.map(({ datasetRef }) => datasetRef),
        );
        const read = found.flatMap(datasetTables);
        const { uses, ignored, unclear } = matchRun(event, read);
        const matched = new Set(read.map(({ datasetRef }) => datasetRef));
        const made =
          event.outputs.length > 0
            ? await datasets.madeBy(consumerRef, {
                reads: found.map(({ entityRef }) => entityRef),
                limit: MAX_DATASETS,
                // The answer names them.
                scope: await authorizer.scope(
                  credentials,
                  datasetReadPermission,
                ),
              })
            : [];
        const written = matchOutputs(event, {
          written: made.flatMap(datasetTables),
          read,
        });
        const { refused, changed } = await fieldUse.saveObserved({
          ...event,
          consumerRef,
          uses,
          outputs: written.outputs,
          unclear,
          unmatched:
            consumed.length < MAX_DATASETS
              ? consumed
                  .map(({ datasetRef }) => datasetRef)
                  .filter(datasetRef => !matched.has(datasetRef))
              : 'all',
        });
        await directory.fieldUseChanged(changed);
        return responseTo({
          uses,
          outputs: written.outputs,
          // Of a run that tells nothing there is nothing else to be said.
          ignored: silent === undefined ? [...ignored, ...written.ignored] : [],
          refused,
        });
      },
    );
    res.json(answer);
  });
}

function responseTo(taken: {
  uses: RunFieldUse[];
  outputs: RunOutput[];
  ignored: string[];
  refused?: string;
}): LineageResponse {
  const { uses, outputs, ignored, refused } = taken;
  if (refused !== undefined) {
    return { accepted: [], ignored: [refused, ...ignored] };
  }
  const written = outputs.map(({ datasetRef, told }) => ({
    datasetRef,
    fields: told,
  }));
  return {
    accepted: uses,
    ...(written.length > 0 && { written }),
    ignored,
  };
}

/**
 * Services all have the permission, and no policy is asked about them: what each may
 * say is the operator's list.
 *
 * @throws NotAllowedError naming the key of the list
 */
function requireReporter(
  { auth, reporters }: ApiContext,
  credentials: BackstageCredentials,
  report: { consumerRef: string; namespace?: string },
): void {
  if (!auth.isPrincipal(credentials, 'service')) {
    return;
  }
  const { subject } = credentials.principal;
  if (!mayReport(reporters, { ...report, subject })) {
    const jobs =
      report.namespace === undefined ? '' : ` of jobs of '${report.namespace}'`;
    throw new NotAllowedError(
      `'${subject}' may not report runs${jobs} for '${report.consumerRef}': datasetMigrations.fieldUse.lineage.reporters does not list it`,
    );
  }
}
