import { ReactNode } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import ButtonBase from '@material-ui/core/ButtonBase';
import { alpha, makeStyles, Theme } from '@material-ui/core/styles';
import { Verdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { Tone, toneColor } from '../shared/tones';
import { verdictLooks } from '../shared/VerdictChip';
import { GraphNode } from './graphData';

const WIDTH = 240;
const HEIGHT = 58;

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  box: {
    boxSizing: 'border-box',
    width: WIDTH,
    height: HEIGHT,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    justifyContent: 'center',
    padding: theme.spacing(0.5, 1.5),
    borderRadius: theme.shape.borderRadius,
    color: theme.palette.text.primary,
    backgroundColor: theme.palette.background.paper,
    backgroundImage: ({ tone }) => {
      const tint = alpha(toneColor(theme, tone), 0.12);
      return `linear-gradient(${tint}, ${tint})`;
    },
    border: ({ tone }) => `1px solid ${toneColor(theme, tone)}`,
    fontSize: theme.typography.pxToRem(13),
    '&:focus-visible': {
      outline: `2px solid ${theme.palette.primary.main}`,
      outlineOffset: -3,
    },
  },
  line: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    width: '100%',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    textOverflow: 'ellipsis',
  },
  name: {
    display: 'block',
    width: '100%',
    textAlign: 'left',
    overflow: 'hidden',
    whiteSpace: 'nowrap',
    textOverflow: 'ellipsis',
    fontWeight: 500,
  },
  icon: { fontSize: 16, color: ({ tone }) => toneColor(theme, tone) },
}));

/** One node of the graph, with the same words and icons as the table. */
export function GraphNodeBox(props: {
  node: GraphNode;
  onSelectTeam(owner: string): void;
}) {
  const { node, onSelectTeam } = props;
  return (
    <foreignObject width={WIDTH} height={HEIGHT}>
      {node.kind === 'dataset' && (
        <Box tone="running" name={<b>{parseEntityRef(node.entityRef).name}</b>}>
          this dataset
        </Box>
      )}
      {node.kind === 'consumer' && (
        <Box
          tone={verdictLooks[node.item.verdict].tone}
          verdict={node.item.verdict}
          name={
            <EntityRefLink
              entityRef={node.item.consumer.entityRef}
              title={node.item.consumer.title}
              hideIcon
              disableTooltip
            />
          }
        >
          {node.item.verdict}
        </Box>
      )}
      {node.kind === 'team' && <TeamBox node={node} onSelect={onSelectTeam} />}
    </foreignObject>
  );
}

function Box(props: {
  tone: Tone;
  verdict?: Verdict;
  name: ReactNode;
  children: ReactNode;
}) {
  const { tone, verdict, name, children } = props;
  const classes = useStyles({ tone });
  const Icon = verdict && verdictLooks[verdict].icon;
  return (
    <div className={classes.box}>
      <span className={classes.name}>{name}</span>
      <span className={classes.line}>
        {Icon && <Icon className={classes.icon} aria-hidden />}
        {children}
      </span>
    </div>
  );
}

function TeamBox(props: {
  node: Extract<GraphNode, { kind: 'team' }>;
  onSelect(owner: string): void;
}) {
  const { node, onSelect } = props;
  const { breaks, unknown, ready } = node.counts;
  const worst = worstOf(node.counts);
  const { tone, icon: Icon } = verdictLooks[worst];
  const classes = useStyles({ tone });
  const { owner } = node;
  return (
    <ButtonBase
      className={classes.box}
      disabled={!owner}
      onClick={() => owner && onSelect(owner)}
      title={owner && `Show the consumers of ${owner}`}
    >
      <span className={classes.name}>
        {owner ? parseEntityRef(owner).name : node.label}
      </span>
      <span className={classes.line}>
        <Icon className={classes.icon} aria-hidden />
        {[
          breaks > 0 && `${formatCount(breaks)} break`,
          unknown > 0 && `${formatCount(unknown)} unknown`,
          ready > 0 && `${formatCount(ready)} ready`,
        ]
          .filter(Boolean)
          .join(', ')}
      </span>
    </ButtonBase>
  );
}

function worstOf(counts: Record<Verdict, number>): Verdict {
  if (counts.breaks > 0) {
    return 'breaks';
  }
  return counts.unknown > 0 ? 'unknown' : 'ready';
}
