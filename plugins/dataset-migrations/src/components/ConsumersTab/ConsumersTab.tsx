import { useState } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { EmptyState, InfoCard } from '@backstage/core-components';
import { useEntity } from '@backstage/plugin-catalog-react';
import { makeStyles } from '@material-ui/core/styles';
import AccountTreeIcon from '@material-ui/icons/AccountTree';
import ListIcon from '@material-ui/icons/List';
import WavesIcon from '@material-ui/icons/Waves';
import ToggleButton from '@material-ui/lab/ToggleButton';
import ToggleButtonGroup from '@material-ui/lab/ToggleButtonGroup';
import { useConsumers } from '../../hooks/useConsumers';
import { useDataset } from '../../hooks/useDataset';
import { ConsumersPanel } from '../shared/ConsumersPanel';
import { ErrorState } from '../shared/ErrorState';
import { StaleNotice } from '../shared/StaleNotice';
import { targetVersions } from '../shared/targetVersions';
import { useConsumerFilter } from '../shared/useConsumerFilter';
import { VersionSelect } from '../shared/VersionSelect';
import { ConsumerGraph } from './ConsumerGraph';
import { ReachPanel } from './ReachPanel';

const useStyles = makeStyles(theme => ({
  controls: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    padding: theme.spacing(1),
  },
}));

/** Who reads a dataset, and whom a version would break. */
export function ConsumersTab() {
  const { entity } = useEntity();
  const datasetRef = stringifyEntityRef(entity);
  const classes = useStyles();
  const [chosen, setChosen] = useState<string>();
  const [view, setView] = useState<'table' | 'graph' | 'reach'>('table');
  const dataset = useDataset(datasetRef);
  const consumers = useConsumers(datasetRef, chosen);
  const items = consumers.value?.items;
  const { filter, setFilter, filtered } = useConsumerFilter(items);

  if (consumers.error && !consumers.value) {
    return (
      <ErrorState
        error={consumers.error}
        what="the consumers of this dataset"
        onRetry={consumers.refresh}
      />
    );
  }
  if (items?.length === 0) {
    return (
      <EmptyState
        missing="data"
        title="Nobody is known to read this dataset"
        description="An entity reads it when it declares spec.consumesDatasets, or depends on it with spec.dependsOn. Whoever does neither is not warned before the dataset changes."
      />
    );
  }
  const target = chosen ?? consumers.value?.targetVersion;
  const versions = dataset.value ? targetVersions(dataset.value) : [];
  return (
    <>
      <StaleNotice error={consumers.error} onRetry={consumers.refresh} />
      <InfoCard
        title="Consumers"
        subheader={
          target
            ? `What version ${target} means for those who read this dataset`
            : 'Those who read this dataset. There is no next version to judge them by.'
        }
        noPadding
        action={
          <div className={classes.controls}>
            {target && versions.length > 0 && (
              <VersionSelect
                versions={
                  versions.includes(target) ? versions : [target, ...versions]
                }
                value={target}
                onChange={setChosen}
              />
            )}
            <ToggleButtonGroup
              exclusive
              size="small"
              value={view}
              onChange={(_, next) => next && setView(next)}
              aria-label="View"
            >
              <ToggleButton value="table" aria-label="Table">
                <ListIcon fontSize="small" />
              </ToggleButton>
              <ToggleButton value="graph" aria-label="Graph">
                <AccountTreeIcon fontSize="small" />
              </ToggleButton>
              <ToggleButton
                value="reach"
                aria-label="Reach"
                title="Reach: consumers of consumers"
              >
                <WavesIcon fontSize="small" />
              </ToggleButton>
            </ToggleButtonGroup>
          </div>
        }
      >
        {view === 'reach' ? (
          <ReachPanel datasetRef={datasetRef} targetVersion={chosen} />
        ) : (
          <ConsumersPanel
            consumers={items}
            filter={filter}
            onFilter={setFilter}
            filtered={filtered}
            instead={
              view === 'graph' && filtered ? (
                <ConsumerGraph
                  datasetRef={datasetRef}
                  consumers={filtered}
                  onSelectTeam={owner => {
                    setFilter({ ...filter, owner });
                    setView('table');
                  }}
                />
              ) : undefined
            }
          />
        )}
      </InfoCard>
    </>
  );
}
