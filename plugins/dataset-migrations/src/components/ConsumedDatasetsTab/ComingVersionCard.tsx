import { useCallback, useState } from 'react';
import { CodeSnippet, InfoCard, Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  ComingVersion,
  ConsumedDataset,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatDay } from '../../format/readiness';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { AnswerCell } from '../shared/AnswerCell';
import { Facts } from '../shared/Facts';
import { ReasonList } from '../shared/ReasonList';
import { StateChip } from '../shared/StateChip';
import { VerdictChip } from '../shared/VerdictChip';
import { AcknowledgeDialog } from './AcknowledgeDialog';

const useStyles = makeStyles(theme => ({
  root: { marginTop: theme.spacing(3) },
  stack: { display: 'grid', gap: theme.spacing(2.5) },
  action: { padding: theme.spacing(1) },
  changes: { margin: 0, paddingLeft: theme.spacing(2.5) },
}));

/** A version that is coming: what it means here, until when, and what can be done. */
export function ComingVersionCard(props: {
  consumerRef: string;
  item: ConsumedDataset;
  coming: ComingVersion;
  onChanged(): void;
}) {
  const { consumerRef, item, coming, onChanged } = props;
  const { dataset } = item;
  const { version, verdict, migration, concerns, declaration } = coming;
  // There is nothing to answer to as long as nobody knows what changes.
  const mayAnswer = item.mayAcknowledge && coming.concernsId !== undefined;
  const classes = useStyles();
  const links = useMigrationLinks();
  const [asking, setAsking] = useState(false);
  const close = useCallback(() => setAsking(false), []);
  return (
    <section
      className={classes.root}
      aria-label={`${dataset.title} ${version}`}
    >
      <InfoCard
        title={`${dataset.title} ${version}`}
        action={
          mayAnswer && (
            <div className={classes.action}>
              <Button
                variant={verdict.blocking ? 'contained' : 'outlined'}
                color={verdict.blocking ? 'primary' : 'default'}
                onClick={() => setAsking(true)}
              >
                Answer…
              </Button>
            </div>
          )
        }
      >
        <div className={classes.stack}>
          <Facts
            facts={[
              ['Affected', <VerdictChip verdict={verdict.verdict} />],
              ['Why', <ReasonList reasons={verdict.reasons} />],
              [
                'Migration',
                migration && (
                  <Link
                    to={links.migration(migration.id)}
                    aria-label={`Migration ${migration.state}`}
                  >
                    <StateChip state={migration.state} />
                  </Link>
                ),
              ],
              [
                'Deadline',
                migration?.deadline && formatDay(migration.deadline),
              ],
              [
                'Old version stays until',
                migration?.retirement && formatDay(migration.retirement),
              ],
              [
                'Your answer',
                verdict.answer && <AnswerCell answer={verdict.answer} />,
              ],
            ]}
          />
          {concerns.length > 0 && <Concerns concerns={concerns} />}
          {declaration && (
            <div>
              <Typography variant="subtitle2" component="h3">
                Your declaration, once you have moved
              </Typography>
              <CodeSnippet
                text={declaration}
                language="yaml"
                showCopyCodeButton
              />
            </div>
          )}
        </div>
      </InfoCard>
      {asking && (
        <AcknowledgeDialog
          consumerRef={consumerRef}
          dataset={dataset}
          coming={coming}
          onClose={close}
          onChanged={onChanged}
        />
      )}
    </section>
  );
}

function Concerns(props: { concerns: string[] }) {
  const classes = useStyles();
  return (
    <div>
      <Typography variant="subtitle2" component="h3">
        What changes for you
      </Typography>
      <Typography
        component="div"
        variant="body2"
        className={classes.changes}
        aria-label="Changes that concern this consumer"
      >
        <ReasonList reasons={props.concerns} />
      </Typography>
    </div>
  );
}
