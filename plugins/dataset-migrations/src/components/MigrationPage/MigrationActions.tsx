import { useCallback, useState } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../../api';
import { useAction } from '../../hooks/useAction';
import { InlineError } from '../shared/InlineError';
import { OverrideDialog } from './OverrideDialog';
import { RetireDialog } from './RetireDialog';
import { RollbackDialog } from './RollbackDialog';

const useStyles = makeStyles(theme => ({
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'flex-end',
    gap: theme.spacing(1),
  },
  root: { display: 'grid', gap: theme.spacing(1) },
}));

type Question = 'override' | 'rollback' | 'retire';

/** The buttons for what the backend says the user may do now, in `migration.actions`. */
export function MigrationActions(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const { id, actions } = migration;
  const classes = useStyles();
  const api = useApi(datasetMigrationsApiRef);
  const [question, setQuestion] = useState<Question>();
  const close = useCallback(() => setQuestion(undefined), []);

  const direct = useAction(
    useCallback(
      async (action: 'cancel' | 'retry' | 'coexist') => {
        const perform = {
          cancel: () => api.cancelMigration(id),
          retry: () => api.retryMigration(id),
          coexist: () => api.coexistMigration(id),
        }[action];
        onUpdated(await perform());
      },
      [api, id, onUpdated],
    ),
  );

  return (
    <div className={classes.root}>
      <div className={classes.buttons} role="group" aria-label="Actions">
        {actions.includes('coexist') && (
          <Button
            variant="contained"
            color="primary"
            disabled={direct.running}
            onClick={() => direct.run('coexist')}
          >
            Publish beside the old version
          </Button>
        )}
        {actions.includes('retry') && (
          <Button
            variant="contained"
            color="primary"
            disabled={direct.running}
            onClick={() => direct.run('retry')}
          >
            Retry
          </Button>
        )}
        {actions.includes('override') && (
          <Button variant="outlined" onClick={() => setQuestion('override')}>
            Override…
          </Button>
        )}
        {actions.includes('retire') && (
          <Button variant="outlined" onClick={() => setQuestion('retire')}>
            Retire old version
          </Button>
        )}
        {actions.includes('rollback') && (
          <Button variant="outlined" onClick={() => setQuestion('rollback')}>
            Roll back
          </Button>
        )}
        {actions.includes('cancel') && (
          <Button
            variant="outlined"
            disabled={direct.running}
            onClick={() => direct.run('cancel')}
          >
            Cancel migration
          </Button>
        )}
      </div>
      <InlineError error={direct.error} />
      {question === 'override' && (
        <OverrideDialog
          migration={migration}
          onClose={close}
          onUpdated={onUpdated}
        />
      )}
      <RollbackDialog
        migration={migration}
        open={question === 'rollback'}
        onClose={close}
        onUpdated={onUpdated}
      />
      <RetireDialog
        migration={migration}
        open={question === 'retire'}
        onClose={close}
        onUpdated={onUpdated}
      />
    </div>
  );
}
