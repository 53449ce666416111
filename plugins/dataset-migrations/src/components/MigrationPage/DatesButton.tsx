import { useCallback, useState } from 'react';
import Button from '@material-ui/core/Button';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useCanMigrate } from '../../hooks/useCanMigrate';
import { DatesDialog } from './DatesDialog';

/** Where the owner says until when consumers are asked; for who may. */
export function DatesButton(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const { allowed } = useCanMigrate(migration.datasetRef);
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const asked =
    isActive(migration.state) || migration.oldVersionState === 'coexisting';
  if (!allowed || !asked) {
    return null;
  }
  return (
    <>
      <Button variant="outlined" onClick={() => setOpen(true)}>
        Set dates…
      </Button>
      {open && (
        <DatesDialog
          migration={migration}
          onClose={close}
          onUpdated={onUpdated}
        />
      )}
    </>
  );
}
