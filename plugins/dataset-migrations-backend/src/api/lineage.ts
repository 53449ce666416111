import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { lineageReportPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetTables } from '../fieldUse/datasetTables';
import { matchRun } from '../fieldUse/lineage/matchRun';
import { readRunEvent, runOf } from '../fieldUse/lineage/readRunEvent';
import { mayReport } from '../fieldUse/lineage/reporters';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  refInPath,
} from './ApiContext';

/** Datasets of one entity that an event may name. */
const MAX_DATASETS = 500;

/** What runs of a consumer's jobs say that they read. */
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
        const tables = found.flatMap(datasetTables);
        const { uses, ignored, unclear } = matchRun(event, tables);
        const matched = new Set(tables.map(({ datasetRef }) => datasetRef));
        const { refused, changed } = await fieldUse.saveObserved({
          ...event,
          consumerRef,
          uses,
          unclear,
          unmatched: consumed
            .map(({ datasetRef }) => datasetRef)
            .filter(datasetRef => !matched.has(datasetRef)),
        });
        await directory.fieldUseChanged(changed);
        if (silent !== undefined) {
          return { accepted: [], ignored: [silent] };
        }
        return refused === undefined
          ? { accepted: uses, ignored }
          : { accepted: [], ignored: [refused, ...ignored] };
      },
    );
    res.json(answer);
  });
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
