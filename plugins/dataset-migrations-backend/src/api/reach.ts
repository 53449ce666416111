import {
  datasetReadPermission,
  ReachedRead,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { answerReach } from '../reach/answerReach';
import { findReach } from '../reach/findReach';
import { ReachStore } from '../reach/ReachStore';
import {
  ApiContext,
  ApiRouter,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';
import { judgeFor } from './judgeFor';

/** Whom a version of a dataset reaches, beyond those who read it. */
export function addReachRoutes(router: ApiRouter, context: ApiContext): void {
  const { knex, authorizer, directory, consumers } = context;
  const reach = new ReachStore(knex);

  router.get('/datasets/:kind/:namespace/:name/reach', async (req, res) => {
    const datasetRef = refInPath(req.params);
    const credentials = await callerOf(context, req);
    const dataset = await readableDataset(context, credentials, datasetRef);
    const { response, known, unplanned } = await judgeFor(
      context,
      dataset,
      await directory.getConsumers(datasetRef),
      req.query.targetVersion,
    );
    const found = await findReach(
      { reach, consumers },
      {
        datasetRef,
        consumers: response.items.map(({ consumer }) => consumer),
        known,
        unplanned,
      },
    );
    const readable = await reach.within(
      [...found.graph.datasets.keys()],
      await authorizer.scope(credentials, datasetReadPermission),
    );
    const firstReads = new Map(
      response.items.map(
        ({ consumer, verdict, reasons }): [string, ReachedRead] => [
          consumer.entityRef,
          { datasetRef, verdict, reasons },
        ],
      ),
    );
    const { fromVersion, targetVersion } = response;
    res.json({
      fromVersion,
      targetVersion,
      ...answerReach(found, {
        firstReads,
        mayRead: ref => ref === datasetRef || readable.has(ref),
      }),
    });
  });
}
