import { NotFoundError } from '@backstage/errors';
import { lineageReportPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetTables } from '../fieldUse/datasetTables';
import { matchRun } from '../fieldUse/lineage/matchRun';
import { readRunEvent } from '../fieldUse/lineage/readRunEvent';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  refInPath,
} from './ApiContext';

/** Datasets of one entity that an event may name. */
const MAX_DATASETS = 500;
/** Sentences about what was not taken; the first ones tell what is wrong. */
const MAX_IGNORED = 100;

/** What runs of a consumer's jobs say that they read. */
export function addLineageRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, consumers, datasets, fieldUse, directory } = context;

  router.post('/consumers/:kind/:namespace/:name/lineage', async (req, res) => {
    const credentials = await callerOf(context, req);
    const consumerRef = refInPath(req.params);
    const answer = await audited(
      context,
      { eventId: 'lineage-report', request: req, meta: { consumerRef } },
      async () => {
        await authorizer.requireBasic(credentials, lineageReportPermission);
        const event = readRunEvent(req.body);
        const consumed = await consumers.ofEntity(consumerRef, MAX_DATASETS);
        if (consumed.length === 0) {
          throw new NotFoundError(
            `'${consumerRef}' is not a consumer of any dataset`,
          );
        }
        const { job, runId, eventTime, silent } = event;
        if (silent !== undefined) {
          return { accepted: [], ignored: [silent] };
        }
        const found = await datasets.findAll(
          consumed.map(({ datasetRef }) => datasetRef),
        );
        const { uses, ignored } = matchRun(event, found.flatMap(datasetTables));
        const changed = await fieldUse.saveObserved(
          uses.map(use => ({ ...use, consumerRef, job, runId, eventTime })),
        );
        await directory.fieldUseChanged(changed);
        return {
          accepted: uses.filter(use => changed.has(use.datasetRef)),
          ignored: [
            ...uses
              .filter(use => !changed.has(use.datasetRef))
              .map(
                use =>
                  `a run of ${job} that is no older is known for ${use.datasetRef}`,
              ),
            ...ignored,
          ].slice(0, MAX_IGNORED),
        };
      },
    );
    res.json(answer);
  });
}
