import { useMemo } from 'react';
import { InfoCard } from '@backstage/core-components';
import { CampaignEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { LogLines } from '../shared/LogLines';

/** The latest of what happened to a campaign. */
export function CampaignLogCard(props: { events: CampaignEvent[] }) {
  const { events } = props;
  const lines = useMemo(
    () =>
      [...events]
        .reverse()
        .map((event, index) => ({ ...event, id: `${event.at} ${index}` })),
    [events],
  );
  return (
    <InfoCard title="Log" noPadding>
      <LogLines events={lines} />
    </InfoCard>
  );
}
