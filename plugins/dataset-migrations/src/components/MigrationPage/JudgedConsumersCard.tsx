import { InfoCard } from '@backstage/core-components';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { ConsumersPanel } from '../shared/ConsumersPanel';
import { useConsumerFilter } from '../shared/useConsumerFilter';

/** The consumers as last judged: the evidence for going on, or for stopping. */
export function JudgedConsumersCard(props: { migration: Migration }) {
  const { consumers } = props.migration;
  const { filter, setFilter, filtered } = useConsumerFilter(consumers);
  if (consumers.length === 0) {
    return null;
  }
  return (
    <InfoCard
      title="Consumers as last judged"
      subheader="Judged when the migration was validated, and once more right before the switch"
      noPadding
    >
      <ConsumersPanel
        consumers={consumers}
        filter={filter}
        onFilter={setFilter}
        filtered={filtered}
      />
    </InfoCard>
  );
}
