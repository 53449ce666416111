import { useApi } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { CampaignSelection } from '@skein/backstage-plugin-dataset-migrations-common';
import useDebounce from 'react-use/esm/useDebounce';
import { useState } from 'react';
import { datasetMigrationsApiRef } from '../../api';
import { Live, useLive } from '../../hooks/useLive';
import { CampaignDraft } from './draft';
import { selectionOf } from './toRequest';

const SETTLE_MS = 400;
const SHOWN = 5;

export interface SelectedDatasets {
  total: number;
  /** Titles of some of them. */
  first: string[];
}

/** What a draft selects, counted when typing pauses. */
export function useSelectedDatasets(
  draft: CampaignDraft,
): Live<SelectedDatasets> {
  const api = useApi(datasetMigrationsApiRef);
  const catalog = useApi(catalogApiRef);
  const current = JSON.stringify(selectionOf(draft));
  const [settled, setSettled] = useState(current);
  useDebounce(() => setSettled(current), SETTLE_MS, [current]);

  return useLive<SelectedDatasets>({
    key: settled,
    keepPrevious: true,
    load: async ({ signal }) => {
      const { datasets, filter, query }: CampaignSelection =
        JSON.parse(settled);
      if (datasets) {
        return { total: datasets.length, first: datasets.slice(0, SHOWN) };
      }
      if (filter) {
        const { items, totalItems } = await catalog.queryEntities({
          filter: [filter].flat().map(each => ({
            kind: 'resource',
            'spec.type': 'dataset',
            ...each,
          })),
          fields: ['metadata.name', 'metadata.title'],
          limit: SHOWN,
        });
        return {
          total: totalItems,
          first: items.map(({ metadata }) => metadata.title ?? metadata.name),
        };
      }
      const { items, totalItems } = await api.listDatasets(
        { ...query, limit: SHOWN },
        { signal },
      );
      return { total: totalItems, first: items.map(item => item.title) };
    },
  });
}
