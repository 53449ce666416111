import { useMemo } from 'react';
import {
  DependencyGraph,
  DependencyGraphTypes,
} from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { consumerGraph, GraphNode } from './graphData';
import { GraphNodeBox } from './GraphNodeBox';

const useStyles = makeStyles(theme => ({
  note: { padding: theme.spacing(0, 2, 1) },
  graph: { padding: theme.spacing(1, 2, 2), overflow: 'auto' },
}));

/** The dataset and those who read it; many of them as their teams. */
export function ConsumerGraph(props: {
  datasetRef: string;
  consumers: ConsumerVerdict[];
  onSelectTeam(owner: string): void;
}) {
  const { datasetRef, consumers, onSelectTeam } = props;
  const classes = useStyles();
  const { nodes, edges, grouped } = useMemo(
    () => consumerGraph(datasetRef, consumers),
    [datasetRef, consumers],
  );
  return (
    <>
      {grouped && (
        <Typography
          variant="body2"
          color="textSecondary"
          className={classes.note}
        >
          {formatCount(consumers.length)} consumers, drawn by team. A team leads
          to its consumers.
        </Typography>
      )}
      <div className={classes.graph} role="group" aria-label="Consumer graph">
        <DependencyGraph<GraphNode, {}>
          nodes={nodes}
          edges={edges}
          direction={DependencyGraphTypes.Direction.LEFT_RIGHT}
          nodeMargin={12}
          rankMargin={120}
          zoom="disabled"
          allowFullscreen={false}
          fit="grow"
          renderNode={({ node }) => (
            <GraphNodeBox node={node} onSelectTeam={onSelectTeam} />
          )}
        />
      </div>
    </>
  );
}
