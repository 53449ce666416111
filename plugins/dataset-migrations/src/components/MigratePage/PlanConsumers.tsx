import { InfoCard } from '@backstage/core-components';
import { PlanResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { ConsumersPanel } from '../shared/ConsumersPanel';
import { useConsumerFilter } from '../shared/useConsumerFilter';

/** Whom the plan would break, and who is ready. */
export function PlanConsumers(props: { plan: PlanResponse }) {
  const { consumers, blockingCount, toVersion } = props.plan;
  const { filter, setFilter, filtered } = useConsumerFilter(consumers);
  return (
    <InfoCard
      title="Consumers"
      subheader={
        blockingCount > 0
          ? `${formatQuantity(
              blockingCount,
              'consumer',
            )} would lose something they read with ${toVersion}`
          : `Nobody loses anything with ${toVersion}`
      }
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
